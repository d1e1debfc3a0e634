import "../../native.ts";
import { assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { noGrad } from "../../../src/autograd/mode.ts";
import { scanPairedFolder } from "../../../src/data/paired_folder.ts";
import { DepthHead } from "../../../src/eval/dense/depth_head.ts";
import { depthProtocol } from "../../../src/eval/dense/depth_protocol.ts";
import { evaluateDepth } from "../../../src/eval/dense/evaluate_depth.ts";
import { VisionTransformer } from "../../../src/vit/vision_transformer.ts";
import { bytesOf, pillowPixels } from "../../data/codec/pixel_table.ts";
import { writePng } from "../../data/codec/write_png.ts";
import { inTempFolder } from "../../temp_folder.ts";
import { randomBackbone } from "./synthetic.ts";

const WIDTH = 12, HEIGHT = 8;
/** What is scored: rows 2 and 3, columns 4 to 7. */
const WINDOW = { top: 2, left: 4, height: 2, width: 4 };

/** Depths in millimetres: one inside of the window, another outside; some inside are set by their number there. */
function depths(inside: number, outside: number, some: Record<number, number> = {}): number[] {
  return Array.from({ length: WIDTH * HEIGHT }, (_, i) => {
    const row = Math.floor(i / WIDTH) - WINDOW.top, column = i % WIDTH - WINDOW.left;
    const isInside = row >= 0 && row < WINDOW.height && column >= 0 && column < WINDOW.width;
    return isInside ? some[row * WINDOW.width + column] ?? inside : outside;
  });
}

async function write(root: string, name: string, millimetres: readonly number[]): Promise<void> {
  for (const part of ["images", "depth"]) await Deno.mkdir(join(root, part), { recursive: true });
  const size = { width: WIDTH, height: HEIGHT };
  const values = Array.from({ length: WIDTH * HEIGHT }, (_, i) => i);
  await Deno.writeFile(join(root, "images", name), writePng({ ...size, values }));
  await Deno.writeFile(
    join(root, "depth", name),
    writePng({ ...size, bits: 16, values: millimetres }),
  );
}

Deno.test("known depths in the window, above the least and below the greatest are scored, images without any are not", () =>
  inTempFolder(async (root) => {
    // Not known: 0; beyond what is scored: 6 m and more, or half a metre and less.
    await write(root, "a.png", depths(2000, 5000, { 0: 0, 1: 6000, 2: 6001, 3: 5999, 4: 500 }));
    await write(root, "b.png", depths(0, 2000));
    await write(root, "c.png", depths(4000, 1000));
    await write(root, "d.png", depths(4000, 1000));
    await Deno.writeTextFile(join(root, "images", "d.png"), "no image");
    const folder = await scanPairedFolder(root, { kind: "depth", scale: 1000 });
    using model = new VisionTransformer({
      ...{ embedDim: 16, depth: 2, numHeads: 2, imgSize: 8, patchSize: 4, inChans: 1 },
    }).eval();
    const protocol = {
      ...depthProtocol({ dataset: "plain", maxDepth: 6 }),
      ...{ minDepth: 0.5, evalWindow: () => WINDOW },
    };
    using head = new DepthHead(2 * 16, protocol).eval();
    noGrad(() => head.parameters().forEach((value) => value.zero_())); // the middle, 3.25 m
    const done: number[][] = [];
    const evaluate = (maxBrokenFraction: number) =>
      evaluateDepth({ model, head, protocol }, folder, {
        ...{ workers: 1, maxBrokenFraction },
        onProgress: (...counts) => done.push(counts),
      });
    const { scores, images, brokenFiles } = await evaluate(0.5);
    assertEquals([images, brokenFiles.map(({ path }) => path)], [2, ["images/d.png"]]);
    assertEquals(done, [[1, 4], [2, 4], [3, 4]]);
    const first = Math.sqrt((3 * 1.25 ** 2 + 2.749 ** 2) / 4);
    assertAlmostEquals(scores.rmse.mean, (first + 0.75) / 2, 1e-4);
    const relative = (3 * 1.25 / 2 + 2.749 / 5.999) / 4;
    assertAlmostEquals(scores.abs_rel.mean, (relative + 0.75 / 4) / 2, 1e-4);
    await assertRejects(() => evaluate(0), Error, "d.png");
    const signal = AbortSignal.abort(new Error("stopped by hand"));
    await assertRejects(
      () => evaluateDepth({ model, head, protocol }, folder, { workers: 1, signal }),
      Error,
      "stopped by hand",
    );
  }));

Deno.test("damage that leaves pixels whole is told", () =>
  inTempFolder(async (root) => {
    const name = "checksum_rgb.png";
    const { width, height } = pillowPixels(name, 3)!;
    for (const part of ["images", "depth"]) await Deno.mkdir(join(root, part));
    await Deno.writeFile(join(root, "images", name), bytesOf(name));
    const depth = { width, height, values: Array<number>(width * height).fill(2000) };
    await Deno.writeFile(join(root, "depth", name), writePng({ ...depth, bits: 16 }));
    const folder = await scanPairedFolder(root, { kind: "depth", scale: 1000 });
    using model = randomBackbone();
    const protocol = depthProtocol({ dataset: "plain", maxDepth: 6 });
    using head = new DepthHead(2 * 16, protocol).eval();
    const notes: string[] = [];
    const onNote = (note: string) => notes.push(note);
    await evaluateDepth({ model, head, protocol }, folder, { workers: 1, onNote });
    assertEquals(notes.map((note) => note.split(" ")[0]), [`images/${name}`]);
  }));
