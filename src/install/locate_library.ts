import { fromFileUrl } from "@std/path";
import { DetailedError } from "../files/detailed_error.ts";
import { type BuiltLibrary, isCurrent, readBuilt } from "./built_library.ts";
import { type Machine, thisMachine } from "./machine.ts";
import type { NativeLibrary } from "./native_library.ts";

const INSTALLER = fromFileUrl(new URL("installer.ts", import.meta.url));
const CONFIG = fromFileUrl(new URL("../../deno.json", import.meta.url));

/** Why libraries could not be built, so that each is tried once. */
const refusals = new Map<string, Error>();

/**
 * Finds a native library, and builds it first if it is missing or out of date: by a process of its own, since whoever
 * calls a native function waits for its result. A worker never builds: the thread that starts it locates the library
 * before.
 *
 * @throws {Error} When the library cannot be built, or is not built yet in a worker.
 */
export function locateLibrary(library: NativeLibrary): BuiltLibrary {
  const refusal = refusals.get(library.name);
  if (refusal !== undefined) throw refusal;
  const machine = thisMachine();
  const built = readBuilt(library, machine);
  if (isWorker() && built !== undefined) return built;
  if (built !== undefined && isCurrent(built, library, machine)) return built;
  if (isWorker()) throw missing(library, "it is not built yet");
  runInstaller(library, machine);
  const fresh = readBuilt(library, machine);
  if (fresh === undefined) throw missing(library, "it is gone again");
  return fresh;
}

/** Shows the installer's lines on standard error; what stops it comes back on its standard output. */
function runInstaller({ name }: NativeLibrary, machine: Machine): void {
  const { success, stdout } = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--quiet", "--config", CONFIG, INSTALLER, name],
    cwd: machine.project,
    stdin: "null",
    stdout: "piped",
    stderr: "inherit",
  }).outputSync();
  if (success) return;
  const refusal = new DetailedError(new TextDecoder().decode(stdout).trim().split("\n"));
  refusals.set(name, refusal);
  throw refusal;
}

function isWorker(): boolean {
  return "WorkerGlobalScope" in globalThis;
}

function missing({ name }: NativeLibrary, why: string): Error {
  return new Error(`Cannot find the native library lib${name}.so: ${why}. Run \`deno task build\``);
}
