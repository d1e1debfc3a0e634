import { readSafetensors } from "@deino/deino/checkpoint";
import { resolveConfig } from "@deino/deino/config";
import { maskBatch } from "@deino/deino/dino";
import { type Device, scope, type Tensor } from "@deino/deino/tensor";
import { Learner, trainStep } from "@deino/deino/train";

/** How far values stay from the reference: the largest difference, what is allowed, and where it is. */
interface Distance {
  difference: number;
  allowed: number;
  where: string;
}

/** How a run is followed. */
interface FollowOptions {
  /** Where it computes. Default: "cpu". */
  readonly device?: Device;
  /** What its products compute in; the reference's are float32. Default: "float32". */
  readonly dtype?: keyof typeof ALLOWED;
}

/**
 * What is allowed: of losses a share, beside 1e-6; of gradient norms a share; of clipped gradients, weights and centres
 * an amount. In bfloat16, which keeps 8 bits, three times what the CPU's own products come to.
 */
const ALLOWED = {
  float32: { losses: 1e-5, norms: 1e-4, gradients: 5e-6, weights: 1e-5 },
  bfloat16: { losses: 2.5e-2, norms: 6e-2, gradients: 2.5e-2, weights: 2e-2 },
} as const;

/** Repeats a reference training run on its crops, masks and permutations, and measures the distance. */
export function followRun(
  path: string,
  { device = "cpu", dtype = "float32" }: FollowOptions = {},
): { iterations: number; worst: Record<string, Distance> } {
  const { config: reference, log } = JSON.parse(Deno.readTextFileSync(`${path}.json`));
  const limits = ALLOWED[dtype];
  return scope(() => {
    const tensors = Object.fromEntries(
      Object.entries(readSafetensors(`${path}.safetensors`).tensors)
        .map(([name, value]) => [name, value.to({ device })]),
    );
    using learner = buildLearner(reference, { device, dtype });
    const own = learner.tensors();
    for (const [name, value] of Object.entries(tensors)) {
      if (name.startsWith("init.")) own[name.slice(5)]?.detach().copy_(value);
    }
    const worst: Record<string, Distance> = {};
    const note = (what: string, where: string, difference: number, allowed: number) => {
      if (!(difference <= (worst[what]?.difference ?? -1))) {
        worst[what] = { difference, allowed, where };
      }
    };
    for (const [i, expected] of log.entries()) {
      scope(() => {
        const batch = batchOf(tensors, i, { upperbound: expected.upperbound, device });
        const result = trainStep(learner, batch, i);
        for (const [name, loss] of Object.entries(result.losses)) {
          // In units of the tolerance.
          const allowed = limits.losses * Math.abs(expected[name]) + 1e-6;
          note(
            "losses",
            `${name}, iteration ${i}`,
            Math.abs(loss.item() - expected[name]) / allowed,
            1,
          );
        }
        for (const [name, norm] of Object.entries(result.gradNorms)) {
          const logged = expected.grad_norm[name];
          note(
            "gradient norms",
            `${name}, iteration ${i}`,
            Math.abs(norm.item() / logged - 1),
            limits.norms,
          );
        }
        if (i > 0) return;
        for (const [name, parameter] of learner.student.namedParameters()) {
          const clipped = tensors[`step0.clipped_grad.${name}`];
          if (clipped === undefined || parameter.grad === null) continue;
          note(
            "clipped gradients",
            name,
            largestDifference(name, parameter.grad, clipped),
            limits.gradients,
          );
        }
      });
    }
    for (const [name, value] of Object.entries(tensors)) {
      const mine = own[FINAL_NAMES[name] ?? name.replace(/^final\./, "")];
      if (!name.startsWith("final.") || mine === undefined) continue;
      note("final weights and centres", name, largestDifference(name, mine, value), limits.weights);
    }
    return { iterations: log.length, worst };
  });
}

const FINAL_NAMES: Record<string, string> = {
  "final.dino_center": "dino_loss.center",
  "final.ibot_center": "ibot_patch_loss.center",
};

// deno-lint-ignore no-explicit-any -- the reference's own JSON
function buildLearner(reference: any, { device, dtype }: Required<FollowOptions>): Learner {
  const { model, crops, dino, ibot, teacher, optim, train } = reference;
  const { batch_size: batch_size_per_gpu, epoch_length: OFFICIAL_EPOCH_LENGTH, centering } = train;
  const config = resolveConfig({
    crops,
    dino,
    ibot,
    teacher,
    optim,
    train: { batch_size_per_gpu, OFFICIAL_EPOCH_LENGTH, centering },
    student: { patch_size: model.patch_size },
    compute_precision: { param_dtype: dtype === "float32" ? "fp32" : "bf16" },
  });
  const head = (section: typeof dino) => ({
    prototypes: section.head_n_prototypes,
    bottleneckDim: section.head_bottleneck_dim,
    hiddenDim: section.head_hidden_dim,
    nlayers: section.head_nlayers,
  });
  return new Learner(config, {
    device,
    network: {
      backbone: {
        embedDim: model.embed_dim,
        depth: model.depth,
        numHeads: model.num_heads,
        patchSize: model.patch_size,
        imgSize: crops.global_crops_size,
        ffnLayer: model.ffn_layer,
        numRegisterTokens: model.num_register_tokens,
        interpolateOffset: model.interpolate_offset,
        interpolateAntialias: model.interpolate_antialias,
        dropPathRate: model.drop_path_rate,
        dropPathUniform: model.drop_path_uniform ?? true,
      },
      dinoHead: head(dino),
      ...(ibot.separate_head && { ibotHead: head(ibot) }),
    },
  });
}

function batchOf(
  tensors: Record<string, Tensor>,
  iteration: number,
  { upperbound, device }: { upperbound: number; device: Device },
) {
  const of = (name: string) => tensors[`step${iteration}.${name}`];
  const masks = Uint8Array.from(of("masks").toArray() as ArrayLike<number>, Number);
  const number = (name: string) => Number(name.split(".").at(-1));
  const permutations = Object.keys(tensors)
    .filter((name) => name.startsWith(`step${iteration}.drop_path_perm.`))
    .sort((a, b) => number(a) - number(b))
    .map((name) => Array.from(tensors[name].toArray() as ArrayLike<number | bigint>, Number))
    .values();
  return {
    globalCrops: of("global_crops"),
    localCrops: of("local_crops") ?? null,
    masks: maskBatch({ masks, upperbound }, of("masks").shape[0], { device }),
    permutation: () => permutations.next().value ?? [],
  };
}

/** The key third of `attn.qkv.bias` is left out: its true gradient is zero, and Adam makes steps of its rounding. */
export function largestDifference(name: string, a: Tensor, b: Tensor): number {
  return scope(() => {
    const far = a.detach().sub(b).abs();
    if (!name.endsWith("attn.qkv.bias")) return far.max().item();
    const [queries, , values] = far.chunk(3);
    return Math.max(queries.max().item(), values.max().item());
  });
}
