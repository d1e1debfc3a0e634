import { assertEquals } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import project from "../deno.json" with { type: "json" };

const ROOT = fromFileUrl(new URL("..", import.meta.url));

/** The tasks that work with images and networks; others look after the installation. */
const TASKS = ["train", "eval", "data", "features", "visualize", "export"];

/** The names in braces of every import or export of a text, and the file that they come from. */
function namesIn(text: string, kind: "import" | "export") {
  const pattern = new RegExp(`\\b${kind} (?:type )?\\{([^}]*)\\} from "([^"]+)"`, "g");
  return Array.from(text.matchAll(pattern)).flatMap(([, names, file]) =>
    names.split(",").map((name) => name.trim().replace(/^type /, "")).filter(Boolean)
      .map((name) => ({ name, file }))
  );
}

function exportsOf(path: string): string[] {
  return namesIn(Deno.readTextFileSync(join(ROOT, path)), "export").map(({ name }) => name);
}

function textsOf(task: string): string[] {
  const folder = join(ROOT, "tasks", task);
  const files = Array.from(Deno.readDirSync(join(ROOT, "tasks")), ({ name }) => name).includes(task)
    ? Array.from(Deno.readDirSync(folder), ({ name }) => join(folder, name))
    : [];
  return [`${folder}.ts`, ...files].map((file) => Deno.readTextFileSync(file));
}

Deno.test("everything that tasks do with images and networks is done by public names", () => {
  const known = new Set(Object.values(project.exports).flatMap(exportsOf));
  const imported = TASKS.flatMap(textsOf).flatMap((text) => namesIn(text, "import"))
    .filter(({ file }) => /\/src\/(?!files|install)/.test(file));
  const missing = imported.map(({ name }) => name).filter((name) => !known.has(name));
  assertEquals(missing, []);
});

Deno.test("the root holds about forty names, all of which stand in a sub-path too", () => {
  const { ".": root, ...others } = project.exports;
  const names = exportsOf(root);
  const elsewhere = new Set(Object.values(others).flatMap(exportsOf));
  assertEquals(names.filter((name) => !elsewhere.has(name)), []);
  assertEquals(names.length <= 50, true, `${names.length} names`);
});

Deno.test("no name of a sub-path means two things", () => {
  const { ".": _, ...others } = project.exports;
  const names = Object.values(others).flatMap(exportsOf);
  assertEquals(names.filter((name, i) => names.indexOf(name) !== i), []);
});
