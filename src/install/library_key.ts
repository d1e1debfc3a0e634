import { createHash } from "node:crypto";
import type { Libtorch } from "./libtorch.ts";
import type { Machine } from "./machine.ts";
import type { NativeLibrary } from "./native_library.ts";
import type { Tool } from "./toolchain.ts";

/** What a library is built with. */
export interface BuildInputs {
  /** The compiler. */
  readonly compiler: Tool;
  /** The libtorch it is linked to, if it is linked to one. */
  readonly libtorch?: Libtorch;
}

/** Variables in which people hand flags to every compiler; CMake reads them. */
const FLAGS = ["CXXFLAGS", "CPPFLAGS", "LDFLAGS"];
/** Folders of `native/` that hold no sources. */
const NO_SOURCES = ["build", "libtorch"];

/** A hash of all that goes into a library: what has the same key is the same library. */
export function libraryKey(
  library: NativeLibrary,
  { compiler, libtorch }: BuildInputs,
  machine: Machine,
): string {
  return hash([
    ...sourceFiles(`${machine.project}/${library.folder}`)
      .flatMap(({ name, path }) => [name, Deno.readTextFileSync(path)]),
    ...compilerSettings(compiler, machine),
    // The folder counts too: it is written into the library as the place to load libtorch from.
    ...(library.linksLibtorch && libtorch
      ? [libtorch.root, libtorch.version, libtorch.git, libtorch.cuda ?? ""]
      : []),
  ]);
}

/** What decides how a source is compiled, apart from `CMakeLists.txt`. */
export function compilerSettings({ path, version }: Tool, { env }: Machine): string[] {
  return [path, version, ...FLAGS.map((name) => env[name] ?? "")];
}

/** A short hash that names a folder. */
export function hash(parts: readonly string[]): string {
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 16);
}

/** Every file of a library but pages for people, in the order of the names. */
function sourceFiles(folder: string, prefix = ""): { name: string; path: string }[] {
  return Array.from(Deno.readDirSync(folder))
    .filter(({ name }) => !/^\.|\.md$/.test(name) && !NO_SOURCES.includes(name))
    .sort((a, b) => a.name < b.name ? -1 : 1)
    .flatMap(({ name, isDirectory }) => {
      const path = `${folder}/${name}`;
      if (!isDirectory) return [{ name: prefix + name, path }];
      return isLibrary(path) ? [] : sourceFiles(path, `${prefix}${name}/`);
    });
}

function isLibrary(folder: string): boolean {
  return Array.from(Deno.readDirSync(folder)).some(({ name }) => name === "CMakeLists.txt");
}
