import { resolve } from "@std/path";
import { buildFolder } from "./build_folder.ts";
import { type BuildInputs, libraryKey } from "./library_key.ts";
import { type Libtorch, readLibtorch } from "./libtorch.ts";
import { exists, findPrograms, type Machine } from "./machine.ts";
import type { NativeLibrary } from "./native_library.ts";
import { compilerPath } from "./toolchain.ts";

/** What is noted of a library that was built, in `native/build/<name>.json`. */
export interface BuiltLibrary extends BuildInputs {
  /** The shared object. */
  readonly file: string;
  /** A hash of all that went into it. */
  readonly key: string;
  /** What the search for compiler and libtorch depended on: while it stays the same, so does what they find. */
  readonly surroundings: Surroundings;
}

/** The programs that an installation starts from, each by its path and the time of its last change. */
interface Surroundings {
  readonly compiler: string | null;
  readonly pythons: string | null;
}

/** Looks at what decides which compiler and which libtorch are found, without starting a program. */
export function lookAround(machine: Machine): Surroundings {
  return {
    compiler: stamp([compilerPath(machine)]),
    pythons: stamp(findPrograms(machine, "python3", "python")),
  };
}

/** The library that was built last, if it is noted and its file is there. */
export function readBuilt(library: NativeLibrary, machine: Machine): BuiltLibrary | undefined {
  try {
    const built = JSON.parse(Deno.readTextFileSync(recordPath(library, machine)));
    return exists(built.file) ? built : undefined;
  } catch {
    return undefined;
  }
}

/** Where {@linkcode readBuilt} looks. */
export function recordPath({ name }: NativeLibrary, machine: Machine): string {
  return `${buildFolder(machine)}/${name}.json`;
}

/**
 * Whether the library that was built last is still what a build would give, as far as that shows without starting a
 * program. A compiler or a Python that has gone is no reason to build: the library was built with it.
 */
export function isCurrent(built: BuiltLibrary, library: NativeLibrary, machine: Machine): boolean {
  const now = lookAround(machine);
  const isFoundAgain = (program: keyof Surroundings) =>
    now[program] === null || now[program] === built.surroundings[program];
  if (!isFoundAgain("compiler")) return false;
  if (library.linksLibtorch) {
    if (!isSameLibtorch(built.libtorch, machine)) return false;
    if (!machine.env.LIBTORCH && !isFoundAgain("pythons")) return false;
  }
  return libraryKey(library, built, machine) === built.key;
}

function isSameLibtorch(noted: Libtorch | undefined, machine: Machine): boolean {
  if (noted === undefined) return false;
  const asked = machine.env.LIBTORCH;
  if (asked ? resolve(asked) !== noted.root : noted.origin === "LIBTORCH") return false;
  const now = readLibtorch(noted.root, noted.origin);
  return now?.version === noted.version && now.git === noted.git && now.cuda === noted.cuda;
}

function stamp(programs: readonly (string | undefined)[]): string | null {
  const stamps = programs.filter((program) => program !== undefined)
    .map((program) => `${program} ${Deno.statSync(program).mtime?.toISOString()}`);
  return stamps.length === 0 ? null : stamps.join(", ");
}
