import { buildLibrary } from "./build_library.ts";
import { isCurrent, readBuilt } from "./built_library.ts";
import { installDecoderLibraries } from "./decoder_libraries.ts";
import { fetchLibtorch } from "./fetch_libtorch.ts";
import { findLibtorch } from "./find_libtorch.ts";
import type { Libtorch } from "./libtorch.ts";
import type { Machine } from "./machine.ts";
import { type NativeLibrary, pixelsLibrary } from "./native_library.ts";
import { compilerPath } from "./toolchain.ts";

/** How {@linkcode install} builds. */
interface InstallOptions {
  /** Compiles with warnings as errors, even what is there already. Default: false. */
  readonly strict?: boolean;
}

/**
 * Builds the libraries that are missing or out of date; finds libtorch for them, or fetches it. Says nothing when there
 * is nothing to do.
 *
 * @throws {Error} When a program is missing, libtorch cannot be had, or the compiler refuses the sources.
 */
export async function install(
  libraries: readonly NativeLibrary[],
  machine: Machine,
  { strict = false }: InstallOptions = {},
): Promise<void> {
  const links = libraries.some(({ linksLibtorch }) => linksLibtorch);
  const libtorch = links ? await obtainLibtorch(libraries, machine) : undefined;
  const mayCompile = strict || machine.env.CXX || compilerPath(machine) !== undefined;
  for (const library of libraries) {
    if (!mayCompile && isInstalled(library, libtorch, machine)) {
      machine.report(`Keeping lib${library.name}.so: there is no C++ compiler on PATH`);
    } else await buildLibrary(library, machine, { libtorch, strict });
  }
  if (libraries.includes(pixelsLibrary)) await installDecoderLibraries(machine);
}

/** Whether a build would change nothing, given the libtorch that was found. */
export function isInstalled(
  library: NativeLibrary,
  libtorch: Libtorch | undefined,
  machine: Machine,
): boolean {
  const built = readBuilt(library, machine);
  return built !== undefined && isCurrent(built, library, machine) &&
    (!library.linksLibtorch || JSON.stringify(built.libtorch) === JSON.stringify(libtorch));
}

async function obtainLibtorch(
  libraries: readonly NativeLibrary[],
  machine: Machine,
): Promise<Libtorch> {
  const { found, passedOver } = await findLibtorch(machine);
  if (libraries.every((library) => isInstalled(library, found, machine)) && found) return found;
  passedOver.forEach(machine.report);
  if (found === undefined) return await fetchLibtorch(machine);
  machine.report(`Found libtorch ${found.version}: ${found.root} (${found.origin})`);
  return found;
}
