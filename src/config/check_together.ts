import { checkMasks } from "./check_masks.ts";
import { effectiveBatch, peakLearningRate } from "./effective_batch.ts";
import type { Config } from "./schema.ts";

/**
 * Checks values that are only right or wrong beside each other.
 *
 * @throws {RangeError} If two values do not go together; the message says what to change.
 */
export function checkTogether(config: Config): void {
  checkSources(config);
  checkChannels(config);
  checkCrops(config);
  checkCropScales(config);
  checkBlur(config);
  checkEvaluation(config);
  checkLosses(config);
  checkMasks(config);
  checkSchedules(config);
  checkLearning(config);
  checkDevice(config.train.device);
}

function checkSources({ data, train }: Config): void {
  if (data.sources.length === 0 || train.dataset_path === "") return;
  throw new RangeError(
    `Cannot train on train.dataset_path ${train.dataset_path} and on data.sources: list it among the sources, and set train.dataset_path=""`,
  );
}

function checkChannels({ data, train }: Config): void {
  for (const name of ["mean", "std"] as const) {
    const value = data[name];
    if (typeof value === "string" || value.length === data.channels) continue;
    throw new RangeError(
      `Cannot normalise ${data.channels} channels by a data.${name} of ${value.length} numbers: ` +
        `give ${data.channels}, or data.${name}=auto`,
    );
  }
  if (data.channels !== 3 && train.dataset_path === "" && data.sources.length === 0) {
    throw new RangeError(
      `Cannot train on ${data.channels} channels of the built-in dataset, which has red, green and blue: pass a folder with --data`,
    );
  }
}

function checkCrops({ student, crops }: Config): void {
  const sides: ["global" | "local", number][] = [["global", crops.global_crops_size]];
  if (crops.local_crops_number > 0) sides.push(["local", crops.local_crops_size]);
  for (const [name, side] of sides) {
    if (side % student.patch_size === 0) continue;
    const nearest = Math.max(1, Math.round(side / student.patch_size)) * student.patch_size;
    throw new RangeError(
      `Cannot cut ${name} crops of ${side} pixels into patches of ${student.patch_size}: ` +
        `set crops.${name}_crops_size=${nearest}`,
    );
  }
}

function checkCropScales({ crops }: Config): void {
  const used = crops.local_crops_number > 0 ? ["global", "local"] as const : ["global"] as const;
  for (const name of used) {
    const [, most] = crops[`${name}_crops_scale`];
    if (most > 0) continue;
    throw new RangeError(
      `Cannot cut ${name} crops of no area: raise the second number of crops.${name}_crops_scale above 0`,
    );
  }
}

/** A blur looks so many pixels to each side and mirrors what lies beyond the edge. */
const BLUR_RADIUS = 4;

function checkBlur({ augmentation, crops, student }: Config): void {
  const blurs = [
    ["global", crops.global_crops_size, "global1_blur_p"],
    ["global", crops.global_crops_size, "global2_blur_p"],
    ...(crops.local_crops_number > 0
      ? [["local", crops.local_crops_size, "local_blur_p"] as const]
      : []),
  ] as const;
  for (const [name, side, probability] of blurs) {
    if (augmentation[probability] === 0 || side > BLUR_RADIUS) continue;
    const least = (Math.floor(BLUR_RADIUS / student.patch_size) + 1) * student.patch_size;
    throw new RangeError(
      `Cannot blur ${name} crops of ${side} pixels: a blur spans ${BLUR_RADIUS} pixels to each side. ` +
        `Set crops.${name}_crops_size=${least} or more, or augmentation.${probability}=0`,
    );
  }
}

function checkEvaluation({ evaluation: { image_size: side }, student }: Config): void {
  const patch = student.patch_size;
  if (side % patch === 0) return;
  throw new RangeError(
    `Cannot evaluate images of ${side} pixels in patches of ${patch}: ` +
      `set evaluation.image_size=${Math.max(1, Math.round(side / patch)) * patch}, ` +
      "or 0 for the size of the global crops",
  );
}

function checkLosses(config: Config): void {
  const { dino, ibot, teacher } = config;
  const batch = effectiveBatch(config);
  const masked = Math.trunc(2 * batch * ibot.mask_sample_probability);
  if (dino.koleo_loss_weight > 0 && batch < 2) {
    throw new RangeError(
      "Cannot compute the KoLeo loss of 1 image: set train.batch_size_per_gpu=2 or more, " +
        "or dino.koleo_loss_weight=0",
    );
  }
  if (dino.loss_weight === 0 && ibot.loss_weight === 0) {
    throw new RangeError(
      "Cannot train without a loss: set dino.loss_weight or ibot.loss_weight above 0",
    );
  }
  const predictsAll = teacher.pretrained_weights !== "" && ibot.mask_sample_probability === 0;
  if (ibot.loss_weight > 0 && !predictsAll && masked < 1) {
    throw new RangeError(
      `Cannot train the patch-level loss without a masked crop: of ${2 * batch} global crops ` +
        `ibot.mask_sample_probability=${ibot.mask_sample_probability} masks none; raise it, set ibot.loss_weight=0, or distil a trained network with teacher.pretrained_weights=PATH`,
    );
  }
}

function checkSchedules({ optim, train }: Config): void {
  if (optim.epochs * train.OFFICIAL_EPOCH_LENGTH < 1) {
    throw new RangeError(
      `Cannot train for ${optim.epochs} epochs of ${train.OFFICIAL_EPOCH_LENGTH} iterations: that is less than one. ` +
        `Set optim.epochs=${Math.ceil(1e4 / train.OFFICIAL_EPOCH_LENGTH) / 1e4} or more`,
    );
  }
  if (optim.warmup_epochs >= optim.epochs) {
    throw new RangeError(
      `Cannot warm up for ${optim.warmup_epochs} of ${optim.epochs} epochs: ` +
        `set optim.warmup_epochs below optim.epochs, for instance optim.warmup_epochs=${
          optim.epochs / 10
        }`,
    );
  }
}

function checkLearning(config: Config): void {
  const { optim, teacher } = config;
  const peak = peakLearningRate(config);
  if (peak === 0) {
    throw new RangeError("Cannot learn at a rate of 0: set optim.base_lr above 0");
  }
  if (peak < optim.min_lr) {
    throw new RangeError(
      `Cannot let a learning rate of ${short(peak)} fall to optim.min_lr=${optim.min_lr}: ` +
        `optim.base_lr=${optim.base_lr} is for 1024 images, and a step has ${
          effectiveBatch(config)
        }. ` +
        `Raise optim.base_lr, or set optim.min_lr=${short(peak / 1000)}`,
    );
  }
  if (teacher.momentum_teacher === 1 && teacher.final_momentum_teacher === 1) {
    throw new RangeError(
      "Cannot train with a teacher that never changes, teacher.momentum_teacher=1 and " +
        "teacher.final_momentum_teacher=1: set teacher.momentum_teacher=0.992",
    );
  }
}

function short(value: number): string {
  return String(Number(value.toPrecision(2)));
}

function checkDevice(device: string): void {
  if (/^(auto|cpu|cuda(:\d+)?)$/.test(device)) return;
  throw new RangeError(
    `Cannot set train.device to "${device}": it must be auto, cpu, cuda or cuda:N`,
  );
}
