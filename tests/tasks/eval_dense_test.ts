import "../native.ts";
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { openTensorFile } from "../../src/checkpoint/open_tensor_file.ts";
import { withScenes } from "./eval/scenes.ts";
import { runTask } from "./run_task.ts";

Deno.test("segmentation goes from folders to a file of mmsegmentation's names", async () => {
  await withScenes(async (root, given) => {
    const names = join(root, "names.txt");
    await Deno.writeTextFile(names, "earth\nsky\n");
    const file = join(root, "results", "segmentation.json");
    const head = join(root, "heads", "segmentation.pth");
    const { status, error, output } = await runTask(
      "eval",
      "segmentation",
      ...given,
      ...["--batch-size", "2", "--iterations", "4"],
      "--classes",
      names,
      "--image-size",
      "16",
      "--output",
      file,
      "--head",
      head,
    );
    assertEquals([status, error], [0, ""]);
    assertMatch(output, /IoU of earth {2}\S/);
    assertMatch(output, /IoU of sky {4}\S/);
    assertStringIncludes(output, "\n8 images for training, 4 for validation\n");
    const results = JSON.parse(await Deno.readTextFile(file));
    for (const name of ["mIoU", "mAcc", "aAcc"]) {
      const [low, high] = results.intervals[name];
      assert(low <= results[name] && results[name] <= high, name);
      const told = `${name} ${results[name].toFixed(2)} % (${low.toFixed(1)} to ${
        high.toFixed(1)
      })`;
      assertStringIncludes(output, told);
    }
    assertEquals(Object.keys(results.IoU), ["earth", "sky"]);
    assertEquals([results.iterations, results.train.images, results.val.images], [4, 8, 4]);
    assertEquals([results.image_size, results.stride, results.val.left_out], [16, 10, []]);
    using written = openTensorFile(head);
    assertEquals(written.entries.get("decode_head.conv_seg.weight")?.shape, [2, 16, 1, 1]);
    assert(written.entries.has("decode_head.bn.running_mean"));
  });
});

const given = ["--weights", "w", "--train", "t", "--val", "v"];
const wrong: [args: string[], status: number, hint: string][] = [
  [["segmentation", ...given], 2, "Missing required --classes"],
  [["segmentation", ...given, "--classes", "2", "--seed", "x"], 2, "give a whole number from 0"],
  [["segmentation", ...given, "--classes", "0"], 1, "Cannot use --classes 0 with 0 classes"],
  [["segmentation", ...given, "--classes", "no"], 1, "Cannot read --classes no: give a number, or"],
  [["depth", ...given, "--crop-size", "4"], 2, "Cannot read --crop-size 4: give rows,columns"],
  [["depth", ...given, "--dataset", "nyuv2"], 2, 'did you mean "nyu"?'],
  [["depth", ...given], 1, "it must hold the folders images/ and depth/"],
  [["segmentation", ...given, "--classes", "2"], 1, "it must hold the folders images/ and annotat"],
];

for (const [args, status, hint] of wrong) {
  Deno.test(`wrong usage "${args.slice(0, 1).concat(args.slice(7)).join(" ")}" says what to do`, async () => {
    const outcome = await runTask("eval", ...args);
    assertEquals(outcome.status, status);
    assertStringIncludes(outcome.error, hint);
  });
}

Deno.test("help tells the flags", async () => {
  const { status, output } = await runTask("eval", "segmentation", "--help");
  assertEquals(status, 0);
  assertStringIncludes(output, "--reduce-zero-label");
  assertStringIncludes((await runTask("eval", "depth", "--help")).output, "--depth-scale");
});
