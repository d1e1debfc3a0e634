/**
 * `deno task layers [--count] [--root DIR]`: source files import downwards only and never in a circle, and stay small; a folder's `mod.ts`
 * is for those outside. `deno task ok` runs this.
 *
 * @module
 */
import { dirname, fromFileUrl, relative, resolve } from "@std/path";
import { Flags } from "./cli/flags.ts";
import { main } from "./cli/main.ts";
import { printLine } from "./cli/print.ts";
import { stderr } from "./cli/terminal.ts";
import { privateNames } from "./layers/public_names.ts";

const help = `Check that source files import downwards only and stay small

  deno task layers [--count] [--root DIR]

  --count     print the lines of each folder instead, and the number of files from the loader to the loss
  --root DIR  another checkout
  --help      this text`;

const ROOT = fromFileUrl(new URL("..", import.meta.url));

/** Folders of `src/` from the bottom up, one to a row: a folder imports only from those before it. */
const LAYERS = [
  "files",
  "install",
  "ffi",
  "random",
  "tensor",
  "autograd",
  "nn",
  "vit",
  "config",
  "optim",
  "data",
  "checkpoint",
  "backbone",
  "dino",
  "features",
  "eval",
  "train",
  "visualize",
];
const LONGEST = 400;
const MEDIAN = 120;

interface Source {
  readonly path: string;
  readonly lines: number;
  /** All files that it names. */
  readonly imports: readonly string[];
  /** Those of them that are loaded with it. */
  readonly needs: readonly string[];
}

function readSources(folder: string, root: string): Source[] {
  const entries = Array.from(Deno.readDirSync(folder)).sort((a, b) => a.name < b.name ? -1 : 1);
  return entries.flatMap(({ name, isDirectory }) => {
    const path = resolve(folder, name);
    if (isDirectory) {
      return ["build", "libtorch", "libjpeg", "golden"].includes(name)
        ? []
        : readSources(path, root);
    }
    return /\.(ts|cc|h)$/.test(name) && !name.includes(".gen.") ? [readSource(path, root)] : [];
  });
}

function readSource(path: string, root: string): Source {
  const text = Deno.readTextFileSync(path);
  const find = (pattern: RegExp) =>
    Array.from(
      text.matchAll(pattern),
      ([, target]) => relative(root, resolve(dirname(path), target)),
    );
  return {
    path: relative(root, path),
    lines: text.split("\n").length - 1,
    imports: find(/(?:from|import)\s*\(?\s*"(\.[^"]+\.ts)"/g),
    needs: find(/\b(?:import|export)\b(?!\s+type\s)[^"'`;]*?from\s*"(\.[^"]+)"/g),
  };
}

/** The height of a file: its folder's in `src/`; all else stands on top. */
function layer(path: string): number {
  const [top, folder] = path.split("/");
  return top === "src" ? LAYERS.indexOf(folder) : LAYERS.length;
}

function upwardImports(sources: readonly Source[]): string[] {
  return sources.flatMap(({ path, imports }) =>
    imports.filter((target) => layer(target) > layer(path))
      .map((target) => `${path} imports upwards: ${target}`)
  );
}

/** A file of `src/` that imported a folder's public face would load the whole folder, and hide what it needs. */
function importsOfFaces(library: readonly Source[]): string[] {
  return library.flatMap(({ path, imports }) =>
    imports.filter((target) => target.endsWith("/mod.ts"))
      .map((target) => `${path} imports ${target}: name the file that it needs`)
  );
}

function unknownFolders(sources: readonly Source[]): string[] {
  return sources.filter(({ path }) => layer(path) < 0)
    .map(({ path }) => `${path} is in no layer: name its folder in tasks/layers.ts`);
}

function circles(sources: readonly Source[]): string[] {
  const imports = new Map(sources.map((source) => [source.path, source.imports]));
  const done = new Set<string>();
  const found: string[] = [];
  const visit = (path: string, trail: readonly string[]): void => {
    if (trail.includes(path)) {
      found.push(`Circular import: ${[...trail.slice(trail.indexOf(path)), path].join(" → ")}`);
    } else if (!done.has(path)) {
      imports.get(path)?.forEach((target) => visit(target, [...trail, path]));
      done.add(path);
    }
  };
  sources.forEach(({ path }) => visit(path, []));
  return found;
}

function overlong(sources: readonly Source[]): string[] {
  const long = sources.filter(({ lines }) => lines > LONGEST)
    .map(({ path, lines }) => `${path} has ${lines} lines: at most ${LONGEST} are allowed`);
  const sizes = sources.map(({ lines }) => lines).sort((a, b) => a - b);
  const median = sizes[sizes.length >> 1];
  if (median > MEDIAN) {
    long.push(`The median file has ${median} lines: at most ${MEDIAN} are allowed`);
  }
  return long;
}

/** What is wrong with any file of the project. */
function check(root: string): number {
  const sources = ["src", "tasks", "tests", "native"].flatMap((name) =>
    readSources(resolve(root, name), root)
  );
  sources.push(readSource(resolve(root, "mod.ts"), root));
  const library = sources.filter(({ path }) => path.startsWith("src/"));
  const problems = [
    ...unknownFolders(library),
    ...upwardImports(library),
    ...importsOfFaces(library),
    ...circles(sources),
    ...overlong(sources),
    ...privateNames(root),
  ];
  problems.forEach((problem) => stderr.line(problem));
  if (problems.length === 0) printLine(`${sources.length} files in ${LAYERS.length} layers`);
  return problems.length === 0 ? 0 : 1;
}

/** Prints the lines of each room, and how many files someone reads who follows a batch from the loader to the loss. */
function count(root: string): void {
  for (const top of ["src", "tasks"]) {
    const sources = readSources(resolve(root, top), root);
    const rooms = Map.groupBy(
      sources,
      ({ path }) => dirname(path).split("/").slice(0, 2).join("/"),
    );
    for (const [room, files] of [...rooms].sort()) if (room !== top) printSize(`  ${room}`, files);
    printSize(top, sources);
  }
  const sources = new Map(readSources(resolve(root, "src"), root).map((each) => [each.path, each]));
  const read = new Set<string>();
  const visit = (path: string): void => {
    if (read.has(path) || /^src\/(ffi|tensor|autograd)\//.test(path)) return;
    read.add(path);
    sources.get(path)?.needs.forEach(visit);
  };
  WAY.forEach(visit);
  printLine(`${read.size} files from ${WAY.join(", ")}, without ffi, tensor and autograd`);
}

/** Where a batch comes by: it is loaded, cut and put on the device, and learned from by what learns. */
const WAY = [
  "src/data/loader.ts",
  "src/train/make_batch.ts",
  "src/train/step.ts",
  "src/train/learner.ts",
];

function printSize(name: string, sources: readonly Source[]): void {
  const lines = sources.reduce((sum, { lines }) => sum + lines, 0);
  printLine(`${name.padEnd(24)} ${String(lines).padStart(6)} lines in ${sources.length} files`);
}

await main({
  summary: "Check that source files import downwards only and stay small",
  help,
  prepare(args) {
    const flags = new Flags(args, { optional: ["root"], switches: ["count"] });
    const root = flags.optionalPath("root") ?? ROOT;
    return () => (flags.has("count") ? count : check)(root);
  },
});
