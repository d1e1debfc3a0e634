import { assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { readYaml } from "../../src/config/yaml.ts";
import { inTempFolder } from "../temp_folder.ts";

/** Nine levels, each of which repeats the one below nine times. */
const repeated = ["a0: &a0 [1,1]"].concat(
  Array.from({ length: 9 }, (_, i) => `a${i + 1}: &a${i + 1} [${Array(9).fill(`*a${i}`)}]`),
).join("\n");
const maps = ["a0: &a0 {x: 1, y: 1}"].concat(
  Array.from({ length: 25 }, (_, i) => `a${i + 1}: &a${i + 1} {x: *a${i}, y: *a${i}}`),
).join("\n");

const refused: [what: string, text: string, message: string][] = [
  ["aliases that repeat each other", repeated, "it holds more than 10000 values"],
  ["aliased maps", maps, "it holds more than 10000 values"],
  ["an alias of itself", "a: &a {b: *a}", "it is nested more than 20 levels deep"],
  ["100,000 brackets", "a: " + "[".repeat(100_000), "it is nested too deeply"],
  ["two megabytes", "a: " + "x".repeat(2 ** 21), "too many for a configuration"],
  ["a list", "[1, 2]", "it must hold sections of keys"],
];
for (const [what, text, message] of refused) {
  Deno.test(`a configuration of ${what} is refused in a sentence`, () =>
    inTempFolder(async (folder) => {
      await Deno.writeTextFile(join(folder, "a.yaml"), text);
      await assertRejects(() => readYaml(join(folder, "a.yaml")), Error, message);
    }));
}

Deno.test("a pipe is refused as a configuration, and not waited for", () =>
  inTempFolder(async (folder) => {
    const path = join(folder, "pipe");
    await new Deno.Command("mkfifo", { args: [path] }).output();
    await assertRejects(() => readYaml(path), Error, "it is not a regular file");
  }));

Deno.test("an alias is read as what it names, an empty file as no section", () =>
  inTempFolder(async (folder) => {
    const path = join(folder, "a.yaml");
    await Deno.writeTextFile(path, "dino: &heads {head_n_prototypes: 8}\nibot: *heads");
    const heads = { head_n_prototypes: 8 };
    assertEquals(await readYaml(path), { dino: heads, ibot: heads });
    await Deno.writeTextFile(path, "");
    assertEquals(await readYaml(path), {});
  }));

Deno.test("a configuration of 10,000 values, 20 levels and a mebibyte is the largest", () =>
  inTempFolder(async (folder) => {
    const path = join(folder, "a.yaml");
    const read = async (text: string) => {
      await Deno.writeTextFile(path, text);
      await readYaml(path);
    };
    const values = (count: number) => `a: [${Array(count - 2).fill(1)}]`; // beside the list and what holds it
    const levels = (depth: number) => `a: ${"[".repeat(depth)}${"]".repeat(depth)}`;
    const bytes = (size: number) => `a: ${"x".repeat(size - 3)}`;
    for (const text of [values(10_000), levels(20), bytes(2 ** 20)]) await read(text);
    await assertRejects(() => read(values(10_001)), Error, "more than 10000 values");
    await assertRejects(() => read(levels(21)), Error, "more than 20 levels");
    await assertRejects(() => read(bytes(2 ** 20 + 1)), Error, "it has 1048577 bytes");
  }));
