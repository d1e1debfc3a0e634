import { stripAnsiCode } from "@std/fmt/colors";
import { basename, dirname } from "@std/path";
import { DetailedError } from "../files/detailed_error.ts";
import { writeTextAtomically } from "../files/atomic_file.ts";
import { buildFolder, lockBuildFolder } from "./build_folder.ts";
import { type BuiltLibrary, lookAround, readBuilt, recordPath } from "./built_library.ts";
import { compilerSettings, hash, libraryKey } from "./library_key.ts";
import type { Libtorch } from "./libtorch.ts";
import { exists, type Machine } from "./machine.ts";
import type { NativeLibrary } from "./native_library.ts";
import { run } from "./run.ts";
import { findCMake, findCompiler, findGenerator } from "./toolchain.ts";

/** How {@linkcode buildLibrary} builds. */
interface BuildOptions {
  /** The libtorch to link to. Needed by a library that is linked to one. */
  readonly libtorch?: Libtorch;
  /** Compiles with warnings as errors, even when the library is there already. Default: false. */
  readonly strict?: boolean;
}

/**
 * Builds a native library, unless it is there already, and notes it in `native/build/<name>.json`. A changed source
 * compiles alone: CMake's own folder is kept for each combination of libtorch and compiler.
 *
 * @throws {Error} When compiler, CMake or make is missing or too old, or the compiler refuses the sources:
 * its first errors are in the message.
 */
export async function buildLibrary(
  library: NativeLibrary,
  machine: Machine,
  { libtorch, strict = false }: BuildOptions = {},
): Promise<BuiltLibrary> {
  const compiler = await findCompiler(machine);
  const inputs = { compiler, ...(library.linksLibtorch && { libtorch }) };
  const key = libraryKey(library, inputs, machine);
  const built: BuiltLibrary = {
    file: `${buildFolder(machine)}/${key}/lib${library.name}.so`,
    key,
    ...inputs,
    surroundings: lookAround(machine),
  };
  if (!strict && isNoted(built, library, machine)) return built;
  using _lock = await lockBuildFolder(machine);
  if (strict || !exists(built.file)) await compile(built, library, machine, strict);
  writeTextAtomically(recordPath(library, machine), JSON.stringify(built, null, 2) + "\n");
  return built;
}

function isNoted(built: BuiltLibrary, library: NativeLibrary, machine: Machine): boolean {
  return JSON.stringify(readBuilt(library, machine)) === JSON.stringify(built);
}

async function compile(
  { file, compiler, libtorch }: BuiltLibrary,
  { name, folder: sources, programs }: NativeLibrary,
  machine: Machine,
  strict: boolean,
): Promise<void> {
  const cmake = (await findCMake(machine)).path;
  const generator = findGenerator(machine);
  const setting = [machine.project, sources, ...compilerSettings(compiler, machine), generator];
  const linked = [libtorch?.root ?? "", libtorch?.git ?? "", String(strict)];
  const folder = `${buildFolder(machine)}/cmake-${hash([...setting, ...linked])}`;
  if (!exists(file)) machine.report(`Building lib${name}.so${reason(libtorch)}, under a minute`);
  const started = performance.now();
  const configure = ["-S", `${machine.project}/${sources}`, "-B", folder, "-G", generator];
  const settings = [
    ...(libtorch === undefined ? [] : [`-DLIBTORCH=${libtorch.root}`]),
    `-DCMAKE_CXX_COMPILER=${compiler.path}`,
    `-DCMAKE_COMPILE_WARNING_AS_ERROR=${strict ? "ON" : "OFF"}`,
  ];
  await step(machine, [cmake, ...configure, ...settings]);
  await step(machine, [cmake, "--build", folder, "--parallel", `${navigator.hardwareConcurrency}`]);
  // A link that is cut short leaves half a library in CMake's folder, so only a whole one is moved here.
  if (exists(file)) return;
  const target = dirname(file);
  await Deno.mkdir(target, { recursive: true });
  for (const name of [...programs, basename(file)]) { // the library last: it tells that all are there
    await Deno.copyFile(`${folder}/${name}`, `${target}/${name}.part`);
    await Deno.rename(`${target}/${name}.part`, `${target}/${name}`);
  }
  machine.report(`Built it in ${Math.round((performance.now() - started) / 1000)} s`);
}

function reason(libtorch: Libtorch | undefined): string {
  return libtorch === undefined ? "" : ` for libtorch ${libtorch.version}`;
}

async function step(machine: Machine, command: readonly string[]): Promise<void> {
  const { success, stdout, stderr } = await run(machine, command);
  if (success) return;
  const lines: string[] = stripAnsiCode(stdout + stderr).split("\n"); // compilers colour what they are told to colour
  const first = lines.findIndex((line) => /\berror\b|CMake Error/i.test(line));
  const shown = lines.slice(Math.max(first, 0)).slice(0, 12);
  throw new DetailedError([
    `Cannot build the native library: \`${command.slice(0, 3).join(" ")} …\` failed:`,
    ...shown.filter((line) => line.trim() !== ""),
    "Run `deno task doctor` to see what was found",
  ]);
}
