import { join } from "@std/path";
import project from "../../deno.json" with { type: "json" };

/** The tasks that work with images and networks; others look after the installation. */
const TASKS = ["train", "eval", "data", "features", "visualize", "export"];

/** The files that are public, by what follows the package's name. */
export const publicModules: Readonly<Record<string, string>> = project.exports;

/** The names that a public module exports. */
export function exportsOf(root: string, path: string): string[] {
  return namesIn(Deno.readTextFileSync(join(root, path)), "export").map(({ name }) => name);
}

/** What tasks import of the library and a script could not: what they do with images and networks shall be done by public names. */
export function privateNames(root: string): string[] {
  const files = TASKS.flatMap((task) => filesOf(root, task));
  if (files.length === 0) return [];
  const known = new Set(Object.values(publicModules).flatMap((path) => exportsOf(root, path)));
  return files.flatMap((path) =>
    namesIn(Deno.readTextFileSync(join(root, path)), "import")
      .filter(({ name, file }) => /\/src\/(?!files|install)/.test(file) && !known.has(name))
      .map(({ name }) => `${path} imports ${name}, which no src/*/mod.ts exports: add it there`)
  );
}

function filesOf(root: string, task: string): string[] {
  const names = (folder: string) =>
    Array.from(Deno.readDirSync(join(root, folder)), ({ name }) => name);
  const here = names("tasks");
  const inFolder = here.includes(task)
    ? names(`tasks/${task}`).map((name) => `${task}/${name}`)
    : [];
  return [...here.filter((name) => name === `${task}.ts`), ...inFolder].map((name) =>
    `tasks/${name}`
  );
}

/** The names in braces of every import or export of a text, and the file that they come from. */
function namesIn(text: string, kind: "import" | "export"): { name: string; file: string }[] {
  const pattern = new RegExp(`\\b${kind} (?:type )?\\{([^}]*)\\} from "([^"]+)"`, "g");
  return Array.from(text.matchAll(pattern)).flatMap(([, names, file]) =>
    names.split(",").map((name) => name.trim().replace(/^type /, "")).filter(Boolean)
      .map((name) => ({ name, file }))
  );
}
