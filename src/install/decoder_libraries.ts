import { writeTextAtomically } from "../files/atomic_file.ts";
import { buildFolder, lockBuildFolder } from "./build_folder.ts";
import { exists, findProgram, type Machine, thisMachine } from "./machine.ts";
import { findPip } from "./pip.ts";
import { run } from "./run.ts";

/** The wheel whose libraries are fetched where no Python here has Pillow, or one of a wheel. */
const FETCHED_PILLOW = "pillow==12.3.0";

/** Formats that are decoded by libraries which Pillow ships, where they can be had. */
export type LibraryFormat = "JPEG" | "AVIF" | "JPEG 2000";

/** A library that decodes a format. */
interface DecoderLibrary {
  /** The variable that asks for one of those that may be here. */
  readonly variable: string;
  /** The name of its interface, by which the system's loader knows it. */
  readonly file: string;
  /** What it is called in Pillow's wheels. */
  readonly inPillow: RegExp;
}

const LIBRARIES: Readonly<Record<LibraryFormat, DecoderLibrary>> = {
  // The interface of libjpeg 6b, which libjpeg-turbo keeps.
  "JPEG": { variable: "DEINO_JPEG", file: "libjpeg.so.62", inPillow: /^libjpeg-.*\.so\.62/ },
  "AVIF": { variable: "DEINO_AVIF", file: "libavif.so.16", inPillow: /^libavif-.*\.so\.16/ },
  "JPEG 2000": {
    variable: "DEINO_JPEG2000",
    file: "libopenjp2.so.7",
    inPillow: /^libopenjp2-.*\.so\.2\./,
  },
};

/** Every format that a library decodes. */
export const LIBRARY_FORMATS = Object.keys(LIBRARIES) as readonly LibraryFormat[];

/** A library that may be opened. */
export interface LibraryCandidate {
  /** Whose it is. */
  readonly name: "pillow" | "system";
  /** Its file, or a name that the system's loader knows. */
  readonly path: string;
}

/** Which library to open. */
interface LibraryChoice {
  /** The variable that may ask for one. */
  readonly variable: string;
  /** What it asks for. */
  readonly asked?: string;
  /** The libraries to try, the best first; none for WebAssembly. */
  readonly candidates: readonly LibraryCandidate[];
}

const NAMES = ["pillow", "system", "wasm"];

/**
 * Says which library to open for a format, without starting a program: Pillow's, noted by
 * {@linkcode installDecoderLibraries}, then the system's.
 *
 * @throws {Error} If the format's variable (`DEINO_JPEG`, `DEINO_AVIF`, `DEINO_JPEG2000`) names none.
 */
export function readDecoderLibrary(
  format: LibraryFormat,
  machine: Machine = thisMachine(),
): LibraryChoice {
  const { variable, file } = LIBRARIES[format];
  const asked = machine.env[variable] || undefined;
  if (asked !== undefined && !NAMES.includes(asked)) {
    throw new Error(
      `Cannot decode ${format} by ${variable}=${asked}: set it to ${NAMES.join(", ")}`,
    );
  }
  const noted = readNoted(machine)[format];
  const all: LibraryCandidate[] = [
    ...(noted === undefined ? [] : [{ name: "pillow", path: noted } as const]),
    { name: "system", path: file },
  ];
  return {
    variable,
    asked,
    candidates: all.filter(({ name }) => asked === undefined || asked === name),
  };
}

/** Files of libraries, by what they decode. */
type LibraryFiles = { readonly [format in LibraryFormat]?: string };

/** The libraries of Pillow that are noted and there, each with the name of its interface. */
export function notedLibraries(
  machine: Machine,
): { readonly file: string; readonly path: string }[] {
  return Object.entries(readNoted(machine))
    .map(([format, path]) => ({ file: LIBRARIES[format as LibraryFormat].file, path }));
}

/**
 * Finds the libraries of the Pillow of a Python here (`PYTHON`, else the one on `PATH`), fetches those that it lacks with a
 * pinned wheel by pip, and notes them. Where they cannot be had, the system's or WebAssembly do.
 */
export async function installDecoderLibraries(machine: Machine): Promise<void> {
  if (notedLibraries(machine).length === LIBRARY_FORMATS.length) return;
  using _lock = await lockBuildFolder(machine);
  const found = { ...keptLibraries(machine), ...await librariesOfPython(machine) };
  const isWhole = LIBRARY_FORMATS.every((format) => found[format] !== undefined);
  const all = isWhole ? found : { ...await fetchLibraries(machine), ...found };
  if (Object.keys(all).length === 0) return;
  writeTextAtomically(recordPath(machine), JSON.stringify(all) + "\n");
}

function recordPath(machine: Machine): string {
  return `${buildFolder(machine)}/decoder_libraries.json`;
}

function readNoted(machine: Machine): LibraryFiles {
  try {
    const noted: LibraryFiles = JSON.parse(Deno.readTextFileSync(recordPath(machine)));
    return Object.fromEntries(Object.entries(noted).filter(([, path]) => exists(path)));
  } catch {
    return {};
  }
}

// Asks only where Pillow lies; the first entry of the path is the working directory.
const WHERE = "import sys; sys.path.pop(0); import importlib.util as u; s = u.find_spec('PIL'); " +
  "print(s.submodule_search_locations[0] if s and s.submodule_search_locations else '')";

async function librariesOfPython(machine: Machine): Promise<LibraryFiles> {
  const names = machine.env.PYTHON ? [machine.env.PYTHON] : ["python3", "python"];
  const python = findProgram(machine, ...names);
  if (python === undefined) return {};
  const { success, stdout } = await run(machine, [python, "-c", WHERE]);
  return success && stdout.trim() !== "" ? librariesBeside(stdout.trim()) : {};
}

/** The libraries that came with a folder `PIL` of a wheel. */
function librariesBeside(pillow: string): LibraryFiles {
  const folder = `${pillow}/../pillow.libs`;
  if (!exists(folder)) return {};
  const names = Array.from(Deno.readDirSync(folder), ({ name }) => name);
  return librariesWhere(({ inPillow }) => {
    const name = names.find((name) => inPillow.test(name));
    return name && Deno.realPathSync(`${folder}/${name}`);
  });
}

/** The folder of those that were fetched, or that a pack brought. */
function keptFolder(machine: Machine): string {
  return `${buildFolder(machine)}/decoders`;
}

function keptLibraries(machine: Machine): LibraryFiles {
  return librariesWhere(({ file }) => {
    const path = `${keptFolder(machine)}/${file}`;
    return exists(path) ? path : undefined;
  });
}

function librariesWhere(find: (library: DecoderLibrary) => string | undefined): LibraryFiles {
  return Object.fromEntries(
    LIBRARY_FORMATS.map((format) => [format, find(LIBRARIES[format])])
      .filter(([, path]) => path !== undefined),
  );
}

async function fetchLibraries(machine: Machine): Promise<LibraryFiles> {
  const work = await Deno.makeTempDir({ dir: buildFolder(machine), prefix: "fetch-" });
  try {
    const pip = await findPip(machine);
    machine.report("Fetching the decoders that Pillow ships, 7 MB; this happens once");
    await pip.install(`${work}/wheel`, [FETCHED_PILLOW], { dependencies: false });
    const fetched = librariesBeside(`${work}/wheel/PIL`);
    await Deno.mkdir(keptFolder(machine), { recursive: true });
    for (const [format, path] of Object.entries(fetched)) {
      const { file } = LIBRARIES[format as LibraryFormat];
      await Deno.rename(path, `${keptFolder(machine)}/${file}`);
    }
    return keptLibraries(machine);
  } catch (error) {
    const { message } = error as Error;
    const reason = /: (.+?)\. /.exec(message)?.[1] ?? message;
    machine.report(`Continuing without Pillow's decoders (${reason})`);
    return {};
  } finally {
    await Deno.remove(work, { recursive: true });
  }
}
