import { assertEquals, assertThrows } from "@std/assert";
import { absolutePath } from "../../../tasks/cli/paths.ts";
import { type FlagNames, Flags } from "../../../tasks/cli/flags.ts";

const names: FlagNames = {
  required: ["weights"],
  optional: ["output", "batch-size", "lr", "nb-knn", "seed", "threshold", "at", "kind"],
  switches: ["cached"],
};

function read(...words: string[]): Flags {
  return new Flags(["--weights", "w", ...words], names);
}

Deno.test("flags are read with a space or an equals sign, and in the reference's spelling", () => {
  for (const words of [["--batch-size", "3"], ["--batch-size=3"], ["--batch_size=3"]]) {
    assertEquals(read(...words).count("batch-size"), 3);
  }
  assertEquals(read("--cached").has("cached"), true);
  assertEquals(read().has("cached"), false);
  assertEquals(read().optional("output"), undefined);
});

Deno.test("numbers mean what they mean in a file of YAML", () => {
  assertEquals(read("--batch-size", "1_000").count("batch-size"), 1000);
  assertEquals(read("--batch-size", "010").count("batch-size"), 8);
  assertEquals(read("--lr", ".5").positive("lr"), 0.5);
  assertEquals(read("--threshold=-1e-3").number("threshold"), -0.001);
  assertEquals(read("--nb-knn", "10,0x14").counts("nb-knn"), [10, 20]);
  assertEquals(read("--nb-knn", "[10, 20]").counts("nb-knn"), [10, 20]);
  assertEquals(read("--nb-knn=-1,.5").numbers("nb-knn"), [-1, 0.5]);
  assertEquals(read("--nb-knn", "[0.4, 0]").numbers("nb-knn"), [0.4, 0]);
  assertEquals(read("--nb-knn", "[0.4, 1]").positives("nb-knn"), [0.4, 1]);
  assertEquals(read("--seed", "0").index("seed"), 0);
  assertEquals(read("--at", "120,80.5").point("at"), [120, 80.5]);
});

const refused: [words: string[], read: (flags: Flags) => unknown, message: string][] = [
  [["--batch-size", "0"], (flags) => flags.count("batch-size"), "give a whole number from 1"],
  [["--batch-size", " "], (flags) => flags.count("batch-size"), "give a whole number from 1"],
  [["--batch-size", "1.5"], (flags) => flags.count("batch-size"), "give a whole number from 1"],
  [["--seed=-1"], (flags) => flags.index("seed"), "give a whole number from 0"],
  [["--lr", "0"], (flags) => flags.positive("lr"), "give a number above 0"],
  [["--lr", ".inf"], (flags) => flags.positive("lr"), "give a number above 0"],
  [
    ["--nb-knn", "1,x"],
    (flags) => flags.numbers("nb-knn"),
    "Cannot read --nb-knn x: give a number",
  ],
  [
    ["--nb-knn", "1,0"],
    (flags) => flags.positives("nb-knn"),
    "Cannot read --nb-knn 0: give a number",
  ],
  [["--nb-knn", "10,many"], (flags) => flags.counts("nb-knn"), "Cannot read --nb-knn many"],
  [["--threshold", "true"], (flags) => flags.number("threshold"), "give a number"],
  [["--kind", "clss"], (flags) => flags.choice("kind", ["cls", "mean"]), 'did you mean "cls"?'],
  [["--at", "3"], (flags) => flags.point("at"), "give two numbers, such as 120,80"],
  [["--output", "a", "--output", "b"], () => {}, "--output was given twice"],
  [["--output=a", "--output=b", "--output=c"], () => {}, "--output was given 3 times"],
  [["--output"], () => {}, "--output needs a value"],
  [["--outptu", "a"], () => {}, "There is no flag --outptu: did you mean --output?"],
  [["--sxxd", "1"], () => {}, "There is no flag --sxxd: did you mean --seed?"],
  [["--sxxx", "1"], () => {}, "There is no flag --sxxx. See --help"],
  [["--unheard-of", "a"], () => {}, "There is no flag --unheard-of. See --help"],
  [["pca"], () => {}, 'Unexpected argument "pca"'],
  [["optim.epochs=3"], () => {}, 'Unexpected argument "optim.epochs=3"'],
];
for (const [words, value, message] of refused) {
  Deno.test(`"${words.join(" ")}" is refused: ${message}`, () => {
    assertThrows(() => value(read(...words)), TypeError, message);
  });
}

Deno.test("a required flag that is missing is named", () => {
  assertThrows(() => new Flags([], names), TypeError, "Missing required --weights");
});

Deno.test("settings stand among flags where a command has them", () => {
  const flags = new Flags(["optim.epochs=3", "--seed", "1", "crops.local_crops_number=2"], {
    optional: ["seed"],
    settings: true,
  });
  assertEquals(flags.settings, ["optim.epochs=3", "crops.local_crops_number=2"]);
});

Deno.test("a setting with dashes is refused with the setting as it is written", () => {
  for (const words of [["--optim.base_lr=0.1"], ["--optim.base_lr", "0.1"]]) {
    const message = `Cannot read ${words[0]}: settings come without dashes, such as optim.base_lr`;
    assertThrows(() => new Flags(words, { settings: true }), TypeError, message);
  }
});

Deno.test("a flag that is the name of a setting, or of its beginning or end, is told as that setting", () => {
  for (
    const [flag, setting] of Object.entries({
      "--epochs": "optim.epochs",
      "--batch-size": "train.batch_size_per_gpu",
      "--lr": "optim.base_lr",
      "--arch": "student.arch",
    })
  ) {
    assertThrows(
      () => new Flags([flag, "1"], { optional: ["output-dir"], settings: true }),
      TypeError,
      `it is a setting, ${setting}=VALUE without dashes`,
    );
  }
  const refused = () => new Flags(["--output", "a"], { optional: ["output-dir"], settings: true });
  assertThrows(refused, TypeError, "did you mean --output-dir?");
});

Deno.test("typed paths are absolute", () => {
  const flags = read("--output", "out/../file.json");
  assertEquals(flags.path("weights"), absolutePath("w"));
  assertEquals(flags.optionalPath("output"), absolutePath("file.json"));
  assertEquals(read().optionalPath("output"), undefined);
});

Deno.test("typed sources are absolute by the path in them, required or not", () => {
  const names = { required: ["data"], optional: ["val", "from"], repeated: ["from"] };
  const typed = "ImageNet:split=VAL:root=a";
  const flags = new Flags(["--data", "a", "--val", typed, "--from", "b", "--from", "c"], names);
  assertEquals(flags.source("data"), absolutePath("a"));
  assertEquals(flags.optionalSource("val"), `ImageNet:split=VAL:root=${absolutePath("a")}`);
  assertEquals(flags.sources("from"), ["b", "c"].map(absolutePath));
  assertEquals(new Flags(["--data", "a"], names).optionalSource("val"), undefined);
});
