import "../../native.ts";
import { assert, assertEquals, assertNotEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { scanPairedFolder } from "../../../src/data/paired_folder.ts";
import { fitHead } from "../../../src/eval/dense/fit_head.ts";
import { Linear } from "../../../src/nn/linear.ts";
import { Generator } from "../../../src/tensor/random.ts";
import { inTempFolder } from "../../temp_folder.ts";
import { writeScenes } from "./synthetic.ts";

/** Two steps of a head whose gradient is the same in every weight: its weights, losses and number of images. */
async function fitted(gradients: readonly number[], maxNorm: number, wd = 0) {
  return await inTempFolderOf(async (root) => {
    await writeScenes(root, 5, 0);
    const folder = await scanPairedFolder(root, { kind: "depth", scale: 1000 });
    using generator = new Generator(0);
    const head = new Linear(1, 1, { generator });
    const fit = await fitHead(head, folder, {
      ...{ iterations: gradients.length, batchSize: 2, workers: 1, seed: 0, channels: 3, maxNorm },
      schedule: (iteration) => ({ lr: iteration === 0 ? 0.1 : 0.2, wd }),
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
  await assertRejects(() => fitted([Infinity], 0), Error, "the loss of step 1 of 1 became NaN");
});

Deno.test("each step takes its own gradient, learning rate and weight decay", async () => {
  using generator = new Generator(0);
  using head = new Linear(1, 1, { generator });
  const initial = Number(head.weight.toArray()[0]);
  // AdamW of gradients g and -g: after two steps the first moment is 0.9 (0.1 g) - 0.1 g = -0.01 g.
  const right = (wd: number) => {
    const first = initial * (1 - 0.1 * wd) - 0.1;
    const moment = -0.01 / (1 - 0.9 ** 2);
    return first * (1 - 0.2 * wd) - 0.2 * moment;
  };
  for (const wd of [0, 0.5]) {
    const { weight } = await fitted([2, -2], 0, wd);
    assert(Math.abs(weight - right(wd)) < 1e-5, `${weight}, not ${right(wd)}`);
  }
});

Deno.test("sixteen shuffled images of the seed are a step, and the head trains until it ends", () =>
  inTempFolder(async (root) => {
    await writeScenes(root, 20, 0);
    await Deno.writeTextFile(join(root, "images", "3.png"), "no image");
    const folder = await scanPairedFolder(root, { kind: "depth", scale: 1000 });
    const seen = async (seed: number) => {
      const orders: (readonly number[])[] = [], done: number[][] = [];
      using head = new Linear(1, 1).eval();
      const fit = await fitHead(head, folder, {
        ...{ iterations: 2, workers: 1, seed, channels: 1, maxNorm: 0, maxBrokenFraction: 0.5 },
        schedule: () => ({ lr: 0.1, wd: 0 }),
        onProgress: (...counts) => done.push(counts),
        backward: ({ images, indices }) => {
          assertEquals([images.length, images[0].pixels.length], [16, 24 * 16]);
          orders.push(indices);
          assertEquals(head.training, true);
          const loss = head.weight.sum();
          loss.backward();
          return loss.detach();
        },
      });
      assertEquals([fit.head, head.training, done], [head, false, [[1, 2], [2, 2]]]);
      assertEquals(fit.brokenFiles.map(({ path }) => path), ["images/3.png"]);
      return orders;
    };
    const order = await seen(0);
    assertEquals(await seen(0), order);
    assertNotEquals(await seen(1), order);
  }));
