import { assertEquals, assertStringIncludes } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import { saveTeacher } from "../../src/checkpoint/teacher.ts";
import { makeBuiltinDataset } from "../../src/data/builtin/builtin.ts";
import { VisionTransformer } from "../../src/vit/vision_transformer.ts";

const TASK = fromFileUrl(new URL("../../tasks/eval.ts", import.meta.url));

async function evaluate(
  ...args: string[]
): Promise<{ status: number; output: string; error: string }> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", TASK, ...args],
  }).output();
  const [output, error] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  return { status: code, output, error };
}

Deno.test("a run folder is evaluated from the command line into a file of the reference's keys", async () => {
  const folder = await Deno.makeTempDir();
  try {
    await makeBuiltinDataset(join(folder, "data"), { trainPerClass: 3, valPerClass: 2, size: 32 });
    using model = new VisionTransformer({
      embedDim: 64,
      depth: 4,
      numHeads: 2,
      imgSize: 32,
      patchSize: 8,
    });
    const named = Object.entries(model.stateDict()).map((
      [key, value],
    ) => [`backbone.${key}`, value]);
    saveTeacher(join(folder, "run"), {
      iteration: 11,
      tensors: Object.fromEntries(named),
      state: { config: { student: { arch: "vit_nano" }, crops: { global_crops_size: 32 } } },
    });
    const output = join(folder, "results", "knn.json");
    const [train, val] = [join(folder, "data", "train"), join(folder, "data", "val")];
    const { status, error } = await evaluate(
      ...["knn", "--weights", join(folder, "run"), "--train", train, "--val", val],
      ...["--output", output, "--device", "cpu", "--nb_knn", "5,20", "--n-per-class=2", "--pixels"],
    );
    assertEquals([status, error], [0, ""]);
    const report = JSON.parse(await Deno.readTextFile(output));
    const keys = ["('full', 5) Top 1", "('full', 20) Top 5", "('2 per class', 2) Top 1"];
    for (const key of keys) {
      const [low, high] = report.intervals[key];
      assertEquals(low <= report[key] && report[key] <= high, true, key);
      assertEquals(typeof report.pixels[key], "number");
    }
    assertEquals([report.iteration, report.image_size], [11, 32]);
    assertEquals([report.train.images, report.val.images], [30, 20]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

const given = ["knn", "--weights", "w", "--train", "t", "--val", "v"];
const wrong: [args: string[], hint: string][] = [
  [[], "Cannot evaluate without a command"],
  [["knm"], 'Cannot evaluate by "knm": did you mean "knn"?'],
  [["knn"], "Cannot do without --weights"],
  [[...given, "--nb-kn", "3"], "there is no such flag; did you mean --nb-knn?"],
  [[...given, "--nb-knn", "3,x"], "Cannot read --nb-knn x: give a whole number from 1"],
  [[...given, "--batch-size", "0"], "Cannot read --batch-size 0: give a whole number from 1"],
  [[...given, "--temperature", "0"], "Cannot read --temperature 0: give a number above 0"],
  [[...given, "--output"], "Cannot read --output: it needs a value"],
  [[...given, "--train", "u"], "Cannot read --train: it comes 2 times"],
  [[...given, "--positions", "hg"], 'did you mean "hf"?'],
  [[...given, "more"], 'Cannot read "more": no flag goes before it'],
];

for (const [args, hint] of wrong) {
  Deno.test(`wrong usage "${args.slice(0, 1).concat(args.slice(7)).join(" ")}" ends with status 2`, async () => {
    const { status, error } = await evaluate(...args);
    assertEquals(status, 2);
    assertStringIncludes(error, hint);
  });
}

Deno.test("a folder that is not there ends with status 1 and one sentence", async () => {
  const { status, error } = await evaluate(...given);
  assertEquals([status, error], [1, "Cannot read images from t: there is no such folder\n"]);
});

Deno.test("help tells commands and flags", async () => {
  assertStringIncludes((await evaluate("--help")).output, "knn");
  const { status, output } = await evaluate("knn", "--help");
  assertEquals(status, 0);
  assertStringIncludes(output, "--weights PATH");
});
