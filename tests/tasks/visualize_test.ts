import { assertEquals, assertStringIncludes } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import { makeBuiltinDataset } from "../../src/data/builtin/builtin.ts";
import { inTempFolder } from "../temp_folder.ts";

const TASK = fromFileUrl(new URL("../../tasks/visualize.ts", import.meta.url));
const WEIGHTS = fromFileUrl(new URL("../golden/vit_reg4_swiglu.pth", import.meta.url));

async function visualize(
  ...args: string[]
): Promise<{ status: number; output: string; error: string }> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", TASK, ...args],
  }).output();
  const [output, error] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  return { status: code, output, error };
}

Deno.test("every command draws its pictures and tells their names", async () => {
  await inTempFolder(async (folder) => {
    await makeBuiltinDataset(join(folder, "all"), { trainPerClass: 1, valPerClass: 1, size: 48 });
    const data = join(folder, "all", "train"), output = join(folder, "pictures");
    const model = ["--weights", WEIGHTS, "--num-heads", "2", "--device", "cpu", "--count", "2"];
    const commands: Record<string, string[]> = {
      pca: [...model, "--foreground", "all"],
      attention: [...model, "--block", "0", "--image-size", "28"],
      similarity: [...model, "--at", "20,30"],
      neighbours: [...model, "--neighbours", "3", "--image-size", "28"],
      crops: ["--preset", "cifar10", "--seed", "5", "--count", "3", "crops.local_crops_number=2"],
    };
    for (const [name, flags] of Object.entries(commands)) {
      const { status, output: lines, error } = await visualize(
        ...[name, "--data", data, "--output", output, ...flags],
      );
      assertEquals([status, error], [0, ""], name);
      assertStringIncludes(lines, `Wrote ${join(output, name)}.png`);
    }
    const found = JSON.parse(await Deno.readTextFile(join(output, "neighbours.json")));
    assertEquals(found.map(({ neighbours }: { neighbours: [] }) => neighbours.length), [3, 3]);
    const written = Array.from(Deno.readDirSync(output), ({ name }) => name).sort();
    assertEquals(written.filter((name) => name.endsWith(".png")), [
      ...["attention.png", "crops.png", "neighbours.png", "pca.png", "similarity.png"],
    ]);
    assertEquals(
      written.filter((name) => !name.includes(".")).length,
      2,
      "a folder for each class",
    );
  });
});

const given = ["--weights", "w", "--data", "d", "--output", "o"];
const wrong: [args: string[], status: number, hint: string][] = [
  [[], 2, "Cannot visualize without a command"],
  [["pcs"], 2, 'Cannot visualize by "pcs": did you mean "pca"?'],
  [["pca", "--data", "d", "--output", "o"], 2, "Cannot do without --weights"],
  [["pca", ...given, "--foreground", "boder"], 2, 'did you mean "border"?'],
  [["pca", ...given, "--threshold", "much"], 2, "Cannot read --threshold much: give a number"],
  [["attention", ...given, "--block=-1"], 2, "give a whole number from 0"],
  [
    ["similarity", ...given, "--at", "3"],
    2,
    "Cannot read --at 3: give two numbers, such as 120,80",
  ],
  [["crops", "--data", "d", "--output", "o", "crops.sise=3"], 2, "crops."],
  [["pca", ...given], 1, "Cannot read images from d: there is no such folder"],
  [["pca", "--weights", "w", "--data", "d", "--output", "d/o"], 1, "Cannot put pictures into d/o"],
];

for (const [args, expected, hint] of wrong) {
  Deno.test(`visualize ${args.join(" ")} ends with status ${expected}`, async () => {
    const { status, error } = await visualize(...args);
    assertStringIncludes(error, hint);
    assertEquals(status, expected);
  });
}

Deno.test("an image that was asked for and is broken is not replaced by another", async () => {
  await inTempFolder(async (folder) => {
    await makeBuiltinDataset(join(folder, "all"), { trainPerClass: 1, valPerClass: 1, size: 32 });
    const data = join(folder, "all", "train");
    await Deno.writeTextFile(join(data, "broken.png"), "no image");
    const { status, error } = await visualize(
      ...["similarity", "--weights", "w", "--data", data, "--output", join(folder, "pictures")],
      ...["--at", "3,4", "--image", "broken.png"],
    );
    assertStringIncludes(error, 'Cannot show the image "broken.png"');
    assertEquals(status, 1);
  });
});

Deno.test("help tells commands and flags", async () => {
  const { output } = await visualize("--help");
  for (const command of ["pca", "attention", "similarity", "neighbours", "crops"]) {
    assertStringIncludes(output, command);
  }
  assertStringIncludes((await visualize("pca", "--help")).output, "--foreground NAME");
});
