import { assertEquals, assertThrows } from "@std/assert";
import { parseTrainArguments } from "../../tasks/train/arguments.ts";

Deno.test("flags and settings are told apart", () => {
  const parsed = parseTrainArguments(
    "--data images --preset=vits14 optim.epochs=20 --seed 7 --resume crops.local_crops_scale=[0.1,0.3]"
      .split(" "),
  );
  assertEquals(parsed, {
    data: "images",
    preset: "vits14",
    config: undefined,
    outputDir: undefined,
    device: undefined,
    seed: "7",
    resume: true,
    dryRun: false,
    help: false,
    overrides: ["optim.epochs=20", "crops.local_crops_scale=[0.1,0.3]"],
  });
});

Deno.test("a folder whose name is a number stays a name", () => {
  assertEquals(parseTrainArguments(["--data", "007"]).data, "007");
});

const refused: [args: string[], message: string][] = [
  [["--presets", "vits14"], "did you mean --preset?"],
  [["--config-file", "a.yaml"], "did you mean --config?"],
  [["--optim.epochs=20"], "such as optim.epochs=20"],
  [["--data"], "--data: it needs a value"],
  [["--data", "--resume"], "--data: it needs a value"],
  [["--seed", "1", "--seed", "2"], "it comes 2 times"],
];
for (const [args, message] of refused) {
  Deno.test(`${args.join(" ")} is refused in one helpful line`, () => {
    assertThrows(() => parseTrainArguments(args), TypeError, message);
  });
}
