/**
 * `deno task ok` runs this: source files import downwards only and never in a circle, and stay small.
 *
 * @module
 */
import { fromFileUrl, relative, resolve } from "@std/path";

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
  readonly imports: readonly string[];
}

function readSources(folder: string): Source[] {
  return Array.from(Deno.readDirSync(folder)).flatMap(({ name, isDirectory }) => {
    const path = resolve(folder, name);
    if (isDirectory) {
      return ["build", "libtorch", "libjpeg", "golden"].includes(name) ? [] : readSources(path);
    }
    if (!/\.(ts|cc|h)$/.test(name) || name.includes(".gen.")) return [];
    const text = Deno.readTextFileSync(path);
    const imports = [...text.matchAll(/(?:from|import)\s*\(?\s*"(\.[^"]+\.ts)"/g)]
      .map(([, target]) => relative(ROOT, resolve(folder, target)));
    return [{ path: relative(ROOT, path), lines: text.split("\n").length - 1, imports }];
  });
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

const sources = ["src", "tasks", "tests", "native"].flatMap((name) =>
  readSources(resolve(ROOT, name))
);
const library = sources.filter(({ path }) => path.startsWith("src/"));
const problems = [
  ...unknownFolders(library),
  ...upwardImports(library),
  ...circles(sources),
  ...overlong(sources),
];
problems.forEach((problem) => console.error(problem));
if (problems.length === 0) console.log(`${sources.length} files in ${LAYERS.length} layers`);
Deno.exit(problems.length === 0 ? 0 : 1);
