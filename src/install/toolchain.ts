import { findProgram, type Machine } from "./machine.ts";
import { installCommand } from "./packages.ts";
import { run } from "./run.ts";

/** A program and the version it states. */
export interface Tool {
  /** Its absolute path. */
  readonly path: string;
  /** Its version as a person would say it, such as `g++ 12.2.0`. */
  readonly version: string;
}

/** The path of the C++ compiler: `CXX`, else the first of `c++`, `g++` and `clang++` on `PATH`. */
export function compilerPath(machine: Machine): string | undefined {
  const names = machine.env.CXX ? [machine.env.CXX] : ["c++", "g++", "clang++"];
  return findProgram(machine, ...names);
}

/**
 * The C++ compiler at {@linkcode compilerPath}. It must know C++20.
 *
 * @throws {Error} When there is none, or it is older than g++ 11 and clang++ 13.
 */
export async function findCompiler(machine: Machine): Promise<Tool> {
  const path = compilerPath(machine);
  const cure = `run \`${installCommand(machine, "compiler")}\``;
  if (path === undefined) {
    const where = machine.env.CXX
      ? `CXX=${machine.env.CXX} names no program`
      : "there is none on PATH";
    throw new Error(`Cannot find a C++ compiler: ${where}. To get one, ${cure}`);
  }
  const { success, stdout, stderr } = await run(machine, [path, "--version"]);
  const clang = /clang/.test(stdout);
  const version = stdout.match(clang ? /version (\d+[\d.]*)/ : /\s(\d+\.\d+[\d.]*)/)?.[1];
  if (!success || version === undefined) {
    throw new Error(
      `Cannot use the C++ compiler ${path}: it does not state a version. ${stderr}`.trim(),
    );
  }
  const [name, least] = clang ? ["clang++", 13] : ["g++", 11];
  if (Number.parseInt(version) < least) {
    throw new Error(
      `Cannot use the C++ compiler ${path}: it is ${name} ${version}, and C++20 needs ${name} ${least} ` +
        `or newer. Set CXX to a newer one, or ${cure}`,
    );
  }
  return { path, version: `${name} ${version}` };
}

/**
 * CMake, 3.25 or newer.
 *
 * @throws {Error} When there is none, or it is older.
 */
export async function findCMake(machine: Machine): Promise<Tool> {
  const path = findProgram(machine, "cmake");
  if (path === undefined) {
    throw new Error(
      `Cannot find CMake: there is none on PATH. To get one, run \`${
        installCommand(machine, "cmake")
      }\``,
    );
  }
  const { stdout } = await run(machine, [path, "--version"]);
  const version = stdout.match(/cmake version (\d+)\.(\d+)\S*/);
  const [major, minor] = version?.slice(1).map(Number) ?? [0, 0];
  if (major < 3 || (major === 3 && minor < 25)) {
    throw new Error(
      `Cannot use CMake ${
        version?.[0].split(" ").at(-1) ?? "of an unknown version"
      } (${path}): it must ` +
        "be 3.25 or newer. To get a newer one, run `python3 -m pip install cmake`",
    );
  }
  return { path, version: version![0].replace("cmake version ", "") };
}

/**
 * The CMake generator for the build program that is here: Ninja, else make.
 *
 * @throws {Error} When neither is.
 */
export function findGenerator(machine: Machine): string {
  if (findProgram(machine, "ninja") !== undefined) return "Ninja";
  if (findProgram(machine, "make") !== undefined) return "Unix Makefiles";
  throw new Error(
    "Cannot build the native library: there is neither ninja nor make on PATH. " +
      `Run \`${installCommand(machine, "make")}\``,
  );
}
