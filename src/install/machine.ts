import { fromFileUrl } from "@std/path";
import { readSystemFile } from "../files/system_file.ts";

/** What an installation works on: the project's folder and the environment it looks around in. */
export interface Machine {
  /** The project's folder, an absolute path. */
  readonly project: string;
  /** Environment variables, as the programs we start will see them. */
  readonly env: Readonly<Record<string, string>>;
  /** Takes a line about each step that does something; steps with nothing to do are silent. */
  readonly report: (line: string) => void;
}

/** This checkout, with this process's environment. */
export function thisMachine(report: (line: string) => void = () => {}): Machine {
  return {
    project: fromFileUrl(new URL("../..", import.meta.url)).replace(/\/$/, ""),
    env: Deno.env.toObject(),
    report,
  };
}

/** The absolute path of the first of `names` that is a program on the machine's `PATH`. */
export function findProgram(machine: Machine, ...names: string[]): string | undefined {
  return findPrograms(machine, ...names)[0];
}

/** The absolute paths of all programs of these names on the machine's `PATH`, name by name. */
export function findPrograms(machine: Machine, ...names: string[]): string[] {
  const folders = (machine.env.PATH ?? "").split(":").filter((folder) => folder !== "");
  return names
    .flatMap((name) => name.includes("/") ? [name] : folders.map((folder) => `${folder}/${name}`))
    .filter(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    const { isFile, mode } = Deno.statSync(path);
    return isFile && ((mode ?? 0) & 0o111) !== 0;
  } catch {
    return false;
  }
}

/** Whether a path is there. */
export function exists(path: string): boolean {
  try {
    Deno.statSync(path);
    return true;
  } catch {
    return false;
  }
}

/** Whether the machine has an NVIDIA driver, and so most likely a GPU. */
export function hasNvidiaDriver(machine: Machine): boolean {
  return findProgram(machine, "nvidia-smi") !== undefined ||
    readSystemFile("/proc/driver/nvidia/version") !== undefined;
}
