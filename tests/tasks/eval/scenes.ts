import { join } from "@std/path";
import { loadBackbone } from "../../../src/backbone/backbone.ts";
import type { WeightsOptions } from "../../../src/backbone/recognise/backbone_file.ts";
import { writeSafetensors } from "../../../src/checkpoint/safetensors.ts";
import { scanPairedFolder } from "../../../src/data/paired_folder.ts";
import type { ImageFolder } from "../../../src/data/folder.ts";
import type { TargetKind } from "../../../src/data/target.ts";
import type { DenseEvaluation } from "../../../src/eval/dense/dense_evaluation.ts";
import type { Fitted } from "../../../src/eval/dense/fit_head.ts";
import type { FrozenBackbone } from "../../../src/features/embedding.ts";
import type { Module } from "../../../src/nn/module.ts";
import { randomBackbone, writeScenes } from "../../eval/dense/synthetic.ts";
import { inTempFolder } from "../../temp_folder.ts";

/** Runs the body with a folder of weights and scenes, and the flags that name them. */
export async function withScenes(
  body: (root: string, given: readonly string[]) => Promise<void>,
): Promise<void> {
  await inTempFolder(async (root) => {
    await writeScenes(join(root, "train"), 8, 0);
    await writeScenes(join(root, "val"), 4, 1);
    using model = randomBackbone();
    writeSafetensors(join(root, "weights.safetensors"), model.stateDict());
    await body(root, [
      ...["--weights", join(root, "weights.safetensors"), "--num-heads", "2", "--device", "cpu"],
      ...["--train", join(root, "train"), "--val", join(root, "val")],
    ]);
  });
}

/** What the library makes of the scenes: the losses of training, and the scores. */
export async function trained<Head extends Module, Scores>(
  root: string,
  kind: TargetKind,
  known: WeightsOptions,
  train: (backbone: FrozenBackbone, folder: ImageFolder) => Promise<Fitted<Head>>,
  evaluate: (
    trained: FrozenBackbone & { readonly head: Head },
    folder: ImageFolder,
  ) => Promise<DenseEvaluation<Scores>>,
): Promise<{ readonly loss: readonly number[]; readonly scores: Scores }> {
  const backbone = loadBackbone(join(root, "weights.safetensors"), { numHeads: 2, ...known });
  using _ = backbone.model;
  const { head, losses } = await train(backbone, await scanPairedFolder(join(root, "train"), kind));
  using _head = head;
  const val = await scanPairedFolder(join(root, "val"), kind);
  const { scores } = await evaluate({ ...backbone, head }, val);
  return { loss: [losses[0], losses.at(-1)!], scores };
}
