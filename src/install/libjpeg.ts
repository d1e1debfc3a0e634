import { writeTextAtomically } from "../files/atomic_file.ts";
import { buildFolder, lockBuildFolder } from "./build_folder.ts";
import { exists, findProgram, type Machine, thisMachine } from "./machine.ts";
import { findPip } from "./pip.ts";
import { run } from "./run.ts";

/** The wheel whose libjpeg-turbo is fetched where no Python here has Pillow. */
const FETCHED_PILLOW = "pillow==12.3.0";

/** A libjpeg that may be opened. */
export interface LibjpegCandidate {
  /** Whose it is. */
  readonly name: "pillow" | "system";
  /** Its file, or a name that the system's loader knows. */
  readonly path: string;
}

/** Which libjpeg to open. */
interface LibjpegChoice {
  /** What `DEINO_JPEG` asks for. */
  readonly asked?: string;
  /** The libraries to try, the best first; none for WebAssembly. */
  readonly candidates: readonly LibjpegCandidate[];
}

const NAMES = ["pillow", "system", "wasm"];

/**
 * Says which libjpeg to open, without starting a program: Pillow's, noted by {@linkcode installLibjpeg}, then the system's.
 *
 * @throws {Error} If `DEINO_JPEG` names none.
 */
export function readLibjpeg(machine: Machine = thisMachine()): LibjpegChoice {
  const asked = machine.env.DEINO_JPEG || undefined;
  if (asked !== undefined && !NAMES.includes(asked)) {
    throw new Error(`Cannot decode JPEG by DEINO_JPEG=${asked}: set it to ${NAMES.join(", ")}`);
  }
  const noted = readNoted(machine);
  const all: LibjpegCandidate[] = [
    ...(noted === undefined ? [] : [{ name: "pillow", path: noted } as const]),
    { name: "system", path: "libjpeg.so.62" }, // the interface of libjpeg 6b, which libjpeg-turbo keeps
  ];
  return { asked, candidates: all.filter(({ name }) => asked === undefined || asked === name) };
}

/**
 * Finds the libjpeg of the Pillow of a Python here (`PYTHON`, else the one on `PATH`), else fetches the one of a pinned
 * wheel by pip, and notes it. Where neither can be had, the system's or WebAssembly do.
 */
export async function installLibjpeg(machine: Machine): Promise<void> {
  if (readNoted(machine) !== undefined) return;
  using _lock = await lockBuildFolder(machine);
  const path = await libjpegOfPython(machine) ?? await fetchLibjpeg(machine);
  if (path !== undefined) writeTextAtomically(recordPath(machine), JSON.stringify({ path }) + "\n");
}

function recordPath(machine: Machine): string {
  return `${buildFolder(machine)}/libjpeg.json`;
}

function readNoted(machine: Machine): string | undefined {
  try {
    const { path } = JSON.parse(Deno.readTextFileSync(recordPath(machine)));
    return exists(path) ? path : undefined;
  } catch {
    return undefined;
  }
}

// Asks only where Pillow lies; the first entry of the path is the working directory.
const WHERE = "import sys; sys.path.pop(0); import importlib.util as u; s = u.find_spec('PIL'); " +
  "print(s.submodule_search_locations[0] if s and s.submodule_search_locations else '')";

async function libjpegOfPython(machine: Machine): Promise<string | undefined> {
  const names = machine.env.PYTHON ? [machine.env.PYTHON] : ["python3", "python"];
  const python = findProgram(machine, ...names);
  if (python === undefined) return undefined;
  const { success, stdout } = await run(machine, [python, "-c", WHERE]);
  return success && stdout.trim() !== "" ? libjpegBeside(stdout.trim()) : undefined;
}

/** The library that came with a folder `PIL` of a wheel. */
function libjpegBeside(pillow: string): string | undefined {
  const folder = `${pillow}/../pillow.libs`;
  if (!exists(folder)) return undefined;
  const name = Array.from(Deno.readDirSync(folder), ({ name }) => name)
    .find((name) => /^libjpeg-.*\.so\.62/.test(name));
  return name && Deno.realPathSync(`${folder}/${name}`);
}

async function fetchLibjpeg(machine: Machine): Promise<string | undefined> {
  const kept = `${buildFolder(machine)}/libjpeg/libjpeg.so.62`;
  if (exists(kept)) return kept; // a pack brought it
  const work = await Deno.makeTempDir({ dir: buildFolder(machine), prefix: "fetch-" });
  try {
    const pip = await findPip(machine);
    machine.report("Fetching the libjpeg-turbo that Pillow ships, 7 MB; this happens once");
    await pip.install(`${work}/wheel`, [FETCHED_PILLOW], { dependencies: false });
    const fetched = libjpegBeside(`${work}/wheel/PIL`);
    if (fetched === undefined) return undefined;
    await Deno.mkdir(`${buildFolder(machine)}/libjpeg`, { recursive: true });
    await Deno.rename(fetched, kept);
    return kept;
  } catch (error) {
    const { message } = error as Error;
    const reason = /: (.+?)\. /.exec(message)?.[1] ?? message;
    machine.report(`Continuing without Pillow's libjpeg-turbo (${reason})`);
    return undefined;
  } finally {
    await Deno.remove(work, { recursive: true });
  }
}
