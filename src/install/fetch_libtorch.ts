import { buildFolder, lockBuildFolder } from "./build_folder.ts";
import { cachedLibtorch, cacheFolder } from "./find_libtorch.ts";
import { FETCHED_VERSION, type Libtorch, readLibtorch } from "./libtorch.ts";
import { hasNvidiaDriver, type Machine } from "./machine.ts";
import { findPip, type Pip } from "./pip.ts";

const FETCH = "fetch-";

/**
 * Fetches libtorch into the project's cache: PyTorch's wheel, by pip, so that the person's own mirror,
 * proxy and certificates are used.
 *
 * Which build comes is the package index's choice, and the usual one has the CUDA build for x86-64 (0.5 GB).
 * With an NVIDIA driver it is kept whole, and NVIDIA's libraries come with it (2 GB more). Without one only
 * its CPU half is kept, and of NVIDIA's libraries the two small ones that half is linked to.
 *
 * The cache appears by one rename at the end: a fetch that is cut short leaves none.
 *
 * @throws {Error} When Python or pip is missing, the index is out of reach, or it has no build for this
 * machine.
 */
export async function fetchLibtorch(machine: Machine): Promise<Libtorch> {
  using _lock = await lockBuildFolder(machine);
  const cached = readCache(machine);
  if (cached?.version.startsWith(FETCHED_VERSION)) return cached;
  const pip = await findPip(machine);
  machine.report(`Fetching libtorch ${FETCHED_VERSION} by pip; this happens once`);
  await removeFetches(machine);
  try {
    // A folder of its own: a pip that outlives a process that was killed cannot write into ours.
    const work = await Deno.makeTempDir({ dir: buildFolder(machine), prefix: FETCH });
    const folder = `${work}/libtorch`;
    await pip.install(folder, [`torch==${FETCHED_VERSION}`], { dependencies: false });
    await completeCuda(folder, pip, machine);
    await remove(cacheFolder(machine));
    await Deno.rename(folder, cacheFolder(machine));
  } finally {
    await removeFetches(machine);
  }
  const fetched = readCache(machine);
  if (fetched === undefined) throw new Error("Cannot use what pip fetched: it is not a libtorch");
  machine.report(`Fetched libtorch ${fetched.version} into native/libtorch`);
  return fetched;
}

function readCache(machine: Machine): Libtorch | undefined {
  return readLibtorch(cachedLibtorch(machine), "the project's cache");
}

/** Makes a CUDA build whole where there is a GPU, and small where there is none. */
async function completeCuda(folder: string, pip: Pip, machine: Machine): Promise<void> {
  if ((readLibtorch(`${folder}/torch`, "pip")?.cuda ?? null) === null) return;
  const packages = await nvidiaPackages(folder);
  if (hasNvidiaDriver(machine)) {
    machine.report("Fetching NVIDIA's libraries for it");
    await pip.install(folder, packages);
  } else {
    machine.report("Keeping only the CPU part of this CUDA build: there is no NVIDIA driver");
    await removeCudaHalf(`${folder}/torch/lib`);
    await pip.install(folder, packages.flatMap(cpuHalfOf));
  }
}

/** The packages of NVIDIA that the wheel's metadata asks for, as pip wants them. */
async function nvidiaPackages(folder: string): Promise<string[]> {
  const info = Array.from(Deno.readDirSync(folder))
    .find(({ name }) => name.startsWith("torch-") && name.endsWith(".dist-info"));
  if (info === undefined) throw new Error("Cannot read what pip fetched: its metadata is missing");
  const metadata = await Deno.readTextFile(`${folder}/${info.name}/METADATA`);
  return [...metadata.matchAll(/^Requires-Dist: ((?:nvidia-|cuda-toolkit)[^;\n]+)/gm)]
    .map(([, requirement]) => requirement.trim());
}

/** What of an NVIDIA package `libtorch_cpu.so` itself is linked to: the CUDA run time and its profiler. */
function cpuHalfOf(requirement: string): string[] {
  if (/^nvidia-cuda-(runtime|cupti)/.test(requirement)) return [requirement];
  const toolkit = requirement.match(/^cuda-toolkit\[[^\]]*\](.*)$/);
  return toolkit === null ? [] : [`cuda-toolkit[cudart,cupti]${toolkit[1]}`];
}

async function removeCudaHalf(lib: string): Promise<void> {
  for (const { name } of Array.from(Deno.readDirSync(lib))) {
    if (/^lib(torch|c10)_(cuda|nvshmem)/.test(name)) await remove(`${lib}/${name}`);
  }
}

async function removeFetches(machine: Machine): Promise<void> {
  for (const { name } of Array.from(Deno.readDirSync(buildFolder(machine)))) {
    if (name.startsWith(FETCH)) await remove(`${buildFolder(machine)}/${name}`);
  }
}

async function remove(path: string): Promise<void> {
  try {
    await Deno.remove(path, { recursive: true });
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}
