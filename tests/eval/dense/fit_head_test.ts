import "../../native.ts";
import { assert, assertEquals, assertRejects } from "@std/assert";
import { scanPairedFolder } from "../../../src/data/paired_folder.ts";
import { fitHead } from "../../../src/eval/dense/fit_head.ts";
import { Linear } from "../../../src/nn/linear.ts";
import { Generator } from "../../../src/tensor/random.ts";
import { inTempFolder } from "../../temp_folder.ts";
import { writeScenes } from "./synthetic.ts";

/** Two steps of a head whose gradient is the same in every weight: its weights, losses and number of images. */
async function fitted(gradients: readonly number[], maxNorm: number) {
  return await inTempFolderOf(async (root) => {
    await writeScenes(root, 5, 0);
    const folder = await scanPairedFolder(root, { kind: "depth", scale: 1000 });
    using generator = new Generator(0);
    const head = new Linear(1, 1, { generator });
    const fit = await fitHead(head, folder, {
      ...{ iterations: gradients.length, batchSize: 2, workers: 1, seed: 0, channels: 3, maxNorm },
      schedule: () => ({ lr: 0.1, wd: 0 }),
      backward: ({ iteration }) => {
        const loss = head.weight.mul(gradients[iteration]).sum();
        loss.backward();
        return loss.detach();
      },
    });
    const weight = Number(head.weight.toArray()[0]);
    head.dispose();
    return { weight, losses: [...fit.losses], images: fit.images };
  });
}

async function inTempFolderOf<T>(body: (root: string) => Promise<T>): Promise<T> {
  let result: T;
  await inTempFolder(async (root) => {
    result = await body(root);
  });
  return result!;
}

Deno.test("gradients are clipped to the length asked for, and not at 0", async () => {
  const [clipped, short, free] = [
    await fitted([1e6, 1], 35),
    await fitted([35, 1], 0),
    await fitted([1e6, 1], 0),
  ];
  assert(Math.abs(clipped.weight - short.weight) < 1e-5, `${clipped.weight}, ${short.weight}`);
  assert(Math.abs(free.weight - short.weight) > 1e-3, "clipping made no difference");
  assertEquals([clipped.losses.length, clipped.images], [2, 4]);
});

Deno.test("a loss that is not finite is told with its step", async () => {
  await assertRejects(
    () => fitted([1, Infinity, 1], 0),
    Error,
    "the loss of step 2 of 3 became NaN or infinite; lower lr",
  );
});
