import { fromFileUrl } from "@std/path";
import { locateLibrary } from "../../src/install/locate_library.ts";
import { torchLibrary } from "../../src/install/native_library.ts";
import { type Peer, startPeer } from "./peer.ts";

/** Options of {@linkcode runPython}. */
interface PythonOptions {
  /** What the script imports that may be absent. Default: torch. */
  readonly modules?: string;
}

/**
 * Runs a Python script of this folder with a Python that has what it imports, and parses the JSON it prints.
 *
 * @param script File name in `tests/bench/`.
 * @param args Arguments for the script.
 * @returns What it printed, or `null` when no Python here can run it.
 * @throws {Error} When the script fails.
 */
export async function runPython(
  script: string,
  args: string[] = [],
  { modules = "torch" }: PythonOptions = {},
): Promise<unknown> {
  const python = await findPython(modules);
  if (python === undefined) return null;
  const path = fromFileUrl(new URL(script, import.meta.url));
  const { success, stdout, stderr } = await run(python, [path, ...args]);
  if (!success) throw new Error(`Cannot run ${script}: ${stderr.trim().split("\n").at(-1)}`);
  return JSON.parse(stdout);
}

/**
 * Starts a Python script of this folder that prints a line when it is ready, and then one for each line that it reads.
 *
 * @returns The script, or `undefined` when no Python here can run it.
 */
export async function startPython(
  script: string,
  args: string[],
  { modules = "torch" }: PythonOptions = {},
): Promise<Peer | undefined> {
  const python = await findPython(modules);
  if (python === undefined) return undefined;
  return await startPeer(python, [fromFileUrl(new URL(script, import.meta.url)), ...args]);
}

/** `PYTHON`, else the Python beside the libtorch in use, so that both sides run the same kernels, else `python3`. */
async function findPython(modules: string): Promise<string | undefined> {
  const beside = `${locateLibrary(torchLibrary).libtorch!.root}/../../../../bin/python3`;
  for (const python of [Deno.env.get("PYTHON"), beside, "python3"]) {
    if (python && (await run(python, ["-c", `import ${modules}`])).success) return python;
  }
}

async function run(
  command: string,
  args: string[],
): Promise<{ success: boolean; stdout: string; stderr: string }> {
  try {
    const output = await new Deno.Command(command, { args, stdout: "piped", stderr: "piped" })
      .output();
    const [stdout, stderr] = [output.stdout, output.stderr].map((bytes) =>
      new TextDecoder().decode(bytes)
    );
    return { success: output.success, stdout, stderr };
  } catch {
    return { success: false, stdout: "", stderr: `${command} is not there` };
  }
}
