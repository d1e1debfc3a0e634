import "../../native.ts";
import { assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { writeSafetensors } from "../../../src/checkpoint/safetensors.ts";
import { segmentationCommand } from "../../../tasks/eval/segmentation.ts";
import { randomBackbone, writeScenes } from "../../eval/dense/synthetic.ts";
import { inTempFolder } from "../../temp_folder.ts";
import { runCommand } from "../captured.ts";

Deno.test("heads train on the one split and are scored on the other, and what is torn does not count", () =>
  inTempFolder(async (root) => {
    for (const [split, count] of [["learn", 12], ["test", 3]] as const) {
      await writeScenes(join(root, split), count, count);
      for (const part of ["images", "annotations"]) {
        await Deno.mkdir(join(root, "scenes", part), { recursive: true });
        await Deno.rename(join(root, split, part), join(root, "scenes", part, split));
      }
    }
    await Deno.writeTextFile(join(root, "scenes", "images", "learn", "0.png"), "torn");
    await Deno.writeTextFile(join(root, "scenes", "annotations", "test", "2.png"), "torn");
    using model = randomBackbone();
    writeSafetensors(join(root, "weights.safetensors"), model.stateDict());
    const results = join(root, "results.json");
    const { error } = await runCommand(
      segmentationCommand,
      ...["--weights", join(root, "weights.safetensors"), "--num-heads", "2", "--device", "cpu"],
      ...["--train", join(root, "scenes"), "--train-split", "learn", "--image-size", "16"],
      ...["--val", join(root, "scenes"), "--val-split", "test", "--output", results],
      ...["--classes", "2", "--batch-size", "4", "--iterations", "4"],
    );
    const { train, val } = JSON.parse(await Deno.readTextFile(results));
    const learn = { path: "images/learn/0.png", reason: "not an image of a known format" };
    const test = { path: "images/test/2.png", reason: "2.png: not a PNG" };
    assertEquals([train.images, train.left_out, val.images, val.left_out], [11, [learn], 2, [
      test,
    ]]);
    assertEquals(
      error.trimEnd().split("\n"),
      [learn, test].map(({ path, reason }) => `Skipped ${root}/scenes/${path}: ${reason}`),
    );
  }));

Deno.test("255 classes are the most that masks of a byte with a value for none can tell", async () => {
  const given = ["--weights", "/w", "--train", "/no/such/folder", "--val", "/v", "--device", "cpu"];
  const trained = (classes: string) =>
    runCommand(segmentationCommand, ...given, "--classes", classes);
  await assertRejects(() => trained("256"), Error, "Cannot use --classes 256 with 256 classes");
  await inTempFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/twice.txt`, "sky\nearth\nsky\n");
    await Deno.writeTextFile(`${folder}/empty.txt`, "\n");
    const told = (file: string) => assertRejects(() => trained(`${folder}/${file}`), Error);
    assertEquals(
      (await told("twice.txt")).message,
      `Cannot use --classes ${folder}/twice.txt with a name twice: give 1 to 255`,
    );
    assertEquals((await told("empty.txt")).message.includes("with 0 classes"), true);
  });
  const error = await assertRejects(() => trained("255"), Error);
  assertEquals(error.message.includes("--classes"), false, error.message);
});
