import { effectiveBatch } from "./effective_batch.ts";
import type { Config } from "./schema.ts";

/**
 * Checks values that are only right or wrong beside each other.
 *
 * @throws {RangeError} If two values do not go together; the message says what to change.
 */
export function checkTogether(config: Config): void {
  checkChannels(config);
  checkCrops(config);
  checkLosses(config);
  checkSchedules(config);
  checkDevice(config.train.device);
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
  if (data.channels !== 3 && train.dataset_path === "") {
    throw new RangeError(
      `Cannot train on ${data.channels} channels of the built-in dataset, which has red, green and blue: name a folder with --data`,
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

function checkLosses(config: Config): void {
  const { dino, ibot, teacher } = config;
  const batch = effectiveBatch(config);
  const masked = Math.trunc(2 * batch * ibot.mask_sample_probability);
  if (dino.koleo_loss_weight > 0 && batch < 2) {
    throw new RangeError(
      "Cannot spread the features of 1 image apart: set train.batch_size_per_gpu=2 or more, " +
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
        `ibot.mask_sample_probability=${ibot.mask_sample_probability} masks none; raise it, set ibot.loss_weight=0, or distil a trained network, teacher.pretrained_weights=PATH`,
    );
  }
}

function checkSchedules({ optim, train }: Config): void {
  if (optim.epochs * train.OFFICIAL_EPOCH_LENGTH < 1) {
    throw new RangeError(
      `Cannot train for ${optim.epochs} epochs of ${train.OFFICIAL_EPOCH_LENGTH} iterations: that is less than one`,
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

function checkDevice(device: string): void {
  if (/^(auto|cpu|cuda(:\d+)?)$/.test(device)) return;
  throw new RangeError(
    `Cannot set train.device to "${device}": it must be auto, cpu, cuda or cuda:N`,
  );
}
