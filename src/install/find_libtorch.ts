import { resolve } from "@std/path";
import { isCurrent, readBuilt } from "./built_library.ts";
import {
  FETCHED_VERSION,
  isSupported,
  type Libtorch,
  readLibtorch,
  supportedVersions,
} from "./libtorch.ts";
import { exists, findPrograms, type Machine } from "./machine.ts";
import { torchLibrary } from "./native_library.ts";
import { run } from "./run.ts";

/** What a search for libtorch came to. */
export interface Search {
  /** The libtorch to build against. */
  readonly found?: Libtorch;
  /** One sentence, with its cure, for each libtorch that was there but could not be used. */
  readonly passedOver: readonly string[];
}

/**
 * Looks for a libtorch: the folder in `LIBTORCH`, else the torch of the first Python on `PATH` that has one, else the
 * project's own `native/libtorch/`, else the one that the shim is linked to, if that is still current. Fetches and imports
 * nothing.
 *
 * @throws {Error} When `LIBTORCH` is set to something that cannot be used: asked for by name, it is never
 * replaced silently by another.
 */
export async function findLibtorch(machine: Machine): Promise<Search> {
  if (machine.env.LIBTORCH) return { found: fromEnvironment(machine.env.LIBTORCH), passedOver: [] };
  const passedOver: string[] = [];
  const usable = (libtorch: Libtorch | undefined, cure: string): Libtorch | undefined => {
    if (libtorch === undefined || isSupported(libtorch.version)) return libtorch;
    passedOver.push(
      `Skipped libtorch ${libtorch.version} of ${libtorch.origin}: Deino supports ` +
        `${supportedVersions()}. To use that one, run \`${cure}\``,
    );
    return undefined;
  };

  const roots = new Set<string>();
  // npx puts a folder of its own first on PATH, whose Python need not be the one that has torch.
  for (const python of findPrograms(machine, "python3", "python")) {
    const root = await torchOfPython(machine, python);
    if (root === undefined || roots.has(root)) continue;
    roots.add(root);
    const libtorch = readLibtorch(root, `Python (${python})`);
    if (libtorch === undefined) {
      passedOver.push(
        `Skipped the torch of Python (${python}): ${root} lacks headers, libraries or a version. ` +
          `To use that one, run \`${python} -m pip install torch==${FETCHED_VERSION}\``,
      );
    }
    const found = usable(libtorch, `${python} -m pip install torch==${FETCHED_VERSION}`);
    if (found !== undefined) return { found, passedOver };
  }
  const cached = readLibtorch(cachedLibtorch(machine), "the project's cache");
  const found = usable(cached, `rm -r ${cacheFolder(machine)} && deno task build`) ??
    linkedLibtorch(machine);
  return { ...(found && { found }), passedOver };
}

/** Where the Python that a torch belongs to is not on `PATH`, it serves the shim that was built for it all the same. */
function linkedLibtorch(machine: Machine): Libtorch | undefined {
  const built = readBuilt(torchLibrary, machine);
  return built && isCurrent(built, torchLibrary, machine) ? built.libtorch : undefined;
}

/** The folder that holds what the project fetched. */
export function cacheFolder(machine: Machine): string {
  return `${machine.project}/native/libtorch`;
}

/** The libtorch folder in the project's cache, whether there is one or not. */
export function cachedLibtorch(machine: Machine): string {
  return `${cacheFolder(machine)}/torch`;
}

function fromEnvironment(folder: string): Libtorch {
  const root = resolve(folder);
  const refusal = (reason: string) =>
    new Error(
      `Cannot use LIBTORCH=${folder}: ${reason}. Set it to a folder with the include/ and lib/ of ` +
        `libtorch ${supportedVersions()}, or run \`unset LIBTORCH\` to have one found or fetched`,
    );
  if (!exists(root)) throw refusal("there is no such folder");
  const libtorch = readLibtorch(root, "LIBTORCH");
  if (libtorch === undefined) throw refusal("it lacks libtorch's headers, libraries or version");
  if (!isSupported(libtorch.version)) {
    throw refusal(`its version is ${libtorch.version}, and Deino supports ${supportedVersions()}`);
  }
  return libtorch;
}

// Asks only where torch lies: importing it takes seconds. The first entry of the path is the working
// directory, where a folder that happens to be called torch would be found.
const WHERE =
  "import sys; sys.path.pop(0); import importlib.util as u; s = u.find_spec('torch'); " +
  "print(s.submodule_search_locations[0] if s and s.submodule_search_locations else '')";

async function torchOfPython(machine: Machine, python: string): Promise<string | undefined> {
  const { success, stdout } = await run(machine, [python, "-c", WHERE]);
  return success && stdout.trim() !== "" ? stdout.trim() : undefined;
}
