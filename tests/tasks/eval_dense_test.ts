import "../native.ts";
import {
  assert,
  assertEquals,
  assertMatch,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { join } from "@std/path";
import { openTensorFile } from "../../src/checkpoint/open_tensor_file.ts";
import type { Command } from "../../tasks/cli/command.ts";
import { depthCommand } from "../../tasks/eval/depth.ts";
import { segmentationCommand } from "../../tasks/eval/segmentation.ts";
import { runCommand } from "./captured.ts";
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
const wrong: [command: Command, args: string[], hint: string][] = [
  [segmentationCommand, [], "Missing required --classes"],
  [segmentationCommand, ["--classes", "2", "--seed", "x"], "give a whole number from 0"],
  [segmentationCommand, ["--classes", "0"], "Cannot use --classes 0 with 0 classes"],
  [segmentationCommand, ["--classes", "no"], "Cannot read --classes no: give a number, or"],
  [depthCommand, ["--dataset", "nyuv2"], 'did you mean "nyu"?'],
  [depthCommand, [], "it must hold the folders images/ and depth/"],
  [segmentationCommand, ["--classes", "2"], "it must hold the folders images/ and annotat"],
];

for (const [command, args, hint] of wrong) {
  Deno.test(`${command.summary} refuses "${args.join(" ")}": ${hint}`, async () => {
    const run = async () => await runCommand(command, ...given, ...args);
    await assertRejects(run, Error, hint);
  });
}

Deno.test("help tells the flags", async () => {
  const { status, output } = await runTask("eval", "segmentation", "--help");
  assertEquals(status, 0);
  assertStringIncludes(output, "--reduce-zero-label");
  assertStringIncludes((await runTask("eval", "depth", "--help")).output, "--depth-scale");
});
