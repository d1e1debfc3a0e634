import { readBuilt } from "./built_library.ts";
import { findLibtorch, type Search } from "./find_libtorch.ts";
import { isInstalled } from "./install.ts";
import { FETCHED_VERSION, type Libtorch, supportedVersions } from "./libtorch.ts";
import { findProgram, hasNvidiaDriver, type Machine } from "./machine.ts";
import { nativeLibraries, type NativeLibrary } from "./native_library.ts";
import { findPip } from "./pip.ts";
import { run } from "./run.ts";
import { findCMake, findCompiler, findGenerator } from "./toolchain.ts";

/** One line of a diagnosis. */
export interface Finding {
  /** What was looked for. */
  readonly part: string;
  /** Whether it is there; `"optional"` when it is not, and nothing needs it. */
  readonly state: "found" | "missing" | "optional";
  /** What was found, or why not. */
  readonly found: string;
  /** What cures a miss, where it is not part of `found`. */
  readonly cure?: string;
}

/** Looks for all that Deino needs. Costs a few started programs; fetches and builds nothing. */
export async function diagnose(machine: Machine): Promise<Finding[]> {
  let search: Search = { passedOver: [] };
  const cure = `Run \`deno task build\`: it fetches ${FETCHED_VERSION}`;
  const libtorch = await attempt("libtorch", async () => {
    search = await findLibtorch(machine);
    if (search.found === undefined) throw new Error(`none of ${supportedVersions()} found`);
    return `${search.found.version}, ${search.found.root} (${search.found.origin})`;
  }, machine.env.LIBTORCH ? undefined : cure);
  const pip = await attempt("Python, pip", async () => (await findPip(machine)).toString());
  const libraries = nativeLibraries.map((each) => library(each, search.found, machine));
  const isBuilt = libraries.every(({ state }) => state === "found");
  return [
    deno(),
    ...[
      await attempt("compiler", async () => told(await findCompiler(machine))),
      await attempt("CMake", async () => told(await findCMake(machine))),
      await attempt("build program", () => Promise.resolve(findGenerator(machine))),
    ].map((each) => neededUnless(isBuilt, each)), // only building needs them
    neededUnless(libtorch.state === "found", pip), // only fetching needs it
    libtorch,
    ...search.passedOver.map((found): Finding => ({ part: "", state: "optional", found })),
    ...libraries,
    ...await gpu(search.found, machine),
  ];
}

function neededUnless(isDone: boolean, finding: Finding): Finding {
  return isDone && finding.state === "missing" ? { ...finding, state: "optional" } : finding;
}

function deno(): Finding {
  const { deno: version } = Deno.version;
  const [major, minor] = version.split(".").map(Number);
  const state = major > 2 || (major === 2 && minor >= 9) ? "found" : "missing";
  const cure = "Run `deno upgrade`: 2.9 or newer is needed";
  return { part: "Deno", state, found: version, ...(state === "missing" && { cure }) };
}

function library(
  library: NativeLibrary,
  libtorch: Libtorch | undefined,
  machine: Machine,
): Finding {
  const part = `lib${library.name}.so`;
  const cure = "Run `deno task build`";
  const built = readBuilt(library, machine);
  if (built === undefined) return { part, state: "missing", found: "not built yet", cure };
  const linked = built.libtorch &&
    `for libtorch ${built.libtorch.version} in ${built.libtorch.root}`;
  const found = `built ${linked ?? "here"}`;
  return isInstalled(library, libtorch, machine)
    ? { part, state: "found", found }
    : { part, state: "missing", found: `${found}, out of date`, cure };
}

async function gpu(libtorch: Libtorch | undefined, machine: Machine): Promise<Finding[]> {
  const smi = findProgram(machine, "nvidia-smi");
  const query = ["--query-gpu=name,memory.total", "--format=csv,noheader"];
  const answer = smi === undefined ? undefined : await run(machine, [smi, ...query]);
  const names = answer?.success ? answer.stdout.trim().replaceAll("\n", "; ") : "";
  const card: Finding = names !== ""
    ? { part: "GPU", state: "found", found: names }
    : { part: "GPU", state: "optional", found: driverless(machine, answer?.stdout ?? "") };
  return libtorch === undefined ? [card] : [card, cuda(libtorch, names !== "")];
}

function cuda({ cuda }: Libtorch, hasGpu: boolean): Finding {
  if (cuda !== null) {
    return { part: "CUDA", state: "found", found: `CUDA ${cuda} build of libtorch` };
  }
  const cure =
    "To use the GPU, run `rm -r native/libtorch && deno task build`, or set LIBTORCH to " +
    "a CUDA build of libtorch";
  const found = "CPU-only libtorch build";
  return { part: "CUDA", state: "optional", found, ...(hasGpu && { cure }) };
}

function driverless(machine: Machine, output: string): string {
  if (!hasNvidiaDriver(machine)) return "none; the CPU is used";
  return `nvidia-smi finds none: ${output.trim().split("\n")[0] || "it is missing or fails"}`;
}

function told({ path, version }: { path: string; version: string }): string {
  return `${version} (${path})`;
}

async function attempt(
  part: string,
  look: () => Promise<string>,
  cure?: string,
): Promise<Finding> {
  try {
    return { part, state: "found", found: await look() };
  } catch (error) {
    const found = error instanceof Error ? error.message : String(error);
    return { part, state: "missing", found, ...(cure !== undefined && { cure }) };
  }
}
