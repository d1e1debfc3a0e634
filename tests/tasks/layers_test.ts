import { assertEquals } from "@std/assert";
import { dirname } from "@std/path";
import { inTempFolder } from "../temp_folder.ts";
import { runTask } from "./run_task.ts";

/** Runs `deno task layers` on a project of these files. */
async function layers(files: Readonly<Record<string, string>>, ...args: string[]) {
  let lines: string[] = [], status = -1;
  await inTempFolder(async (root) => {
    for (const folder of ["src", "tasks", "tests", "native"]) await Deno.mkdir(`${root}/${folder}`);
    for (const [path, text] of Object.entries({ "mod.ts": "", ...files })) {
      await Deno.mkdir(dirname(`${root}/${path}`), { recursive: true });
      await Deno.writeTextFile(`${root}/${path}`, text);
    }
    const ended = await runTask("layers", "--root", root, ...args);
    status = ended.status;
    lines = (ended.output + ended.error).trimEnd().split("\n");
  });
  return { status, lines };
}

const imports = (...paths: string[]) =>
  paths.map((path) => `import { a } from "${path}";\n`).join("");

Deno.test("files that import downwards, and are 400 lines at most, are counted", async () => {
  const { status, lines } = await layers({
    "src/nn/a.ts": imports("../tensor/b.ts", "./c.ts"),
    "src/tensor/b.ts": "\n".repeat(400),
    "src/nn/c.ts": "",
    "tasks/d.ts": imports("../src/nn/mod.ts"),
    "src/ffi/e.gen.ts": "\n".repeat(1000),
    "native/build/f.cc": "\n".repeat(1000),
  });
  assertEquals([status, lines], [0, ["5 files in 18 layers"]]);
});

Deno.test("imports upwards, of a folder's face and in circles are refused, and so are folders of no layer", async () => {
  const { status, lines } = await layers({
    "src/nn/a.ts": imports("../vit/b.ts", "../tensor/mod.ts"),
    "src/vit/b.ts": 'const b = await import("./c.ts");',
    "src/vit/c.ts": imports("./b.ts"),
    "src/odd/d.ts": "",
  });
  assertEquals(status, 1);
  assertEquals(lines.sort(), [
    "Circular import: src/vit/b.ts → src/vit/c.ts → src/vit/b.ts",
    "src/nn/a.ts imports src/tensor/mod.ts: name the file that it needs",
    "src/nn/a.ts imports upwards: src/vit/b.ts",
    "src/odd/d.ts is in no layer: name its folder in tasks/layers.ts",
  ]);
});

Deno.test("rooms stand in the order in which they are listed for readers", async () => {
  const page = await Deno.readTextFile(new URL("../../src/README.md", import.meta.url));
  const rooms = Array.from(page.matchAll(/^\| `([a-z]{2,})` /gm), ([, room]) => room).reverse();
  assertEquals(rooms.length, 18);
  const files = (importsOf: (at: number) => string[]) =>
    Object.fromEntries(rooms.map((room, at) => [
      `src/${room}/a.ts`,
      imports(...importsOf(at).map((other) => `../${other}/a.ts`)),
    ]));
  const downwards = await layers(files((at) => rooms.slice(0, at)));
  assertEquals(downwards, { status: 0, lines: ["19 files in 18 layers"] });
  const { status, lines } = await layers(files((at) => rooms.slice(at + 1, at + 2)));
  assertEquals([status, lines.sort()], [
    1,
    rooms.slice(0, -1).map((room, at) =>
      `src/${room}/a.ts imports upwards: src/${rooms[at + 1]}/a.ts`
    ).sort(),
  ]);
});

Deno.test("files of 401 lines are refused, and a median of 121", async () => {
  const { status, lines } = await layers({
    "src/nn/a.ts": "\n".repeat(401),
    "src/nn/b.ts": "\n".repeat(121),
  });
  assertEquals([status, lines], [1, [
    "src/nn/a.ts has 401 lines: at most 400 are allowed",
    "The median file has 121 lines: at most 120 are allowed",
  ]]);
  assertEquals(
    (await layers({ "src/nn/a.ts": "\n".repeat(400), "src/nn/b.ts": "\n".repeat(120) })).status,
    0,
  );
});

Deno.test("rooms are counted by their lines, and the files that lead from the loader to the loss", async () => {
  const { status, lines } = await layers({
    "src/data/loader.ts": imports("./a.ts") + 'import type { b } from "./b.ts";\n',
    "src/data/a.ts": imports("../tensor/t.ts"),
    "src/data/b.ts": "\n",
    "src/train/step.ts": imports("../tensor/t.ts", "./learner.ts"),
    "src/train/learner.ts": "",
    "src/train/make_batch.ts": "",
    "src/tensor/t.ts": "",
    "tasks/cli/c.ts": "\n\n",
  }, "--count");
  const size = (name: string, count: number, files: number) =>
    `${name.padEnd(24)} ${String(count).padStart(6)} lines in ${files} files`;
  const way =
    "src/data/loader.ts, src/train/make_batch.ts, src/train/step.ts, src/train/learner.ts";
  assertEquals([status, lines], [0, [
    size("  src/data", 4, 3),
    size("  src/tensor", 0, 1),
    size("  src/train", 2, 3),
    size("src", 6, 7),
    size("  tasks/cli", 2, 1),
    size("tasks", 2, 1),
    `5 files from ${way}, without ffi, tensor and autograd`,
  ]]);
});
