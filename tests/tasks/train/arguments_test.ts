import { assertEquals, assertThrows } from "@std/assert";
import { absolutePath } from "../../../tasks/cli/paths.ts";
import { parseTrainArguments } from "../../../tasks/train/arguments.ts";

Deno.test("flags and settings are told apart", () => {
  const parsed = parseTrainArguments(
    "--data images --preset=vits14 optim.epochs=20 --seed 7 --resume crops.local_crops_scale=[0.1,0.3]"
      .split(" "),
  );
  assertEquals(parsed, {
    data: [absolutePath("images")],
    preset: "vits14",
    config: undefined,
    outputDir: undefined,
    device: undefined,
    seed: "7",
    resume: true,
    dryRun: false,
    profile: undefined,
    detectAnomaly: false,
    overrides: ["optim.epochs=20", "crops.local_crops_scale=[0.1,0.3]"],
  });
});

Deno.test("every flag is read, paths from where the person stands", () => {
  const [data, config, outputDir] = ["images", "a.yaml", "run"].map((name) => absolutePath(name));
  const flags =
    "--data images --data s3://b --preset p --config a.yaml --output-dir run --device cpu";
  const parsed = parseTrainArguments(
    `${flags} --seed 7 --profile 3 --resume --dry-run --detect-anomaly`.split(" "),
  );
  assertEquals(parsed, {
    ...{ data: [data, "s3://b"], preset: "p", config, outputDir, device: "cpu", seed: "7" },
    ...{ profile: 3, resume: true, dryRun: true, detectAnomaly: true, overrides: [] },
  });
});

Deno.test("a folder whose name is a number stays a name", () => {
  assertEquals(parseTrainArguments(["--data", "007"]).data, [absolutePath("007")]);
});

const refused: [args: string[], message: string][] = [
  [["--presets", "vits14"], "did you mean --preset?"],
  [["--config-file", "a.yaml"], "did you mean --config?"],
  [["--train-dataset", "a"], "did you mean --data?"],
  [["--gpus", "1"], "did you mean --device?"],
  [["--out", "a"], "did you mean --output-dir?"],
  [["--profile", "0"], "Cannot read --profile 0: give a whole number from 1"],
  [["--optim.epochs=20"], "such as optim.epochs=20"],
  [["images"], '"images": pass images as --data images, and settings as key=value'],
  [["--data"], "--data needs a value"],
  [["--data", "--resume"], "--data needs a value"],
  [["--seed", "1", "--seed", "2"], "--seed was given twice"],
];
for (const [args, message] of refused) {
  Deno.test(`${args.join(" ")} is refused in one helpful line`, () => {
    assertThrows(() => parseTrainArguments(args), TypeError, message);
  });
}
