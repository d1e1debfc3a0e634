import { locateLibrary } from "../../src/install/locate_library.ts";
import { torchLibrary } from "../../src/install/native_library.ts";

/** Options of {@link runPython}. */
export interface PythonOptions {
  /** What the script imports that may be absent. Default: torch. */
  readonly modules?: string;
}

/**
 * Runs a Python script of this folder with a Python that has what it imports, and parses the JSON it prints.
 *
 * The Python beside the libtorch in use comes first, so that both sides run the same kernels; else `python3`.
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
  for (
    const python of [
      `${locateLibrary(torchLibrary).libtorch!.root}/../../../../bin/python3`,
      "python3",
    ]
  ) {
    if (!await run(python, ["-c", `import ${modules}`]).then((result) => result.success)) continue;
    const path = new URL(script, import.meta.url).pathname;
    const { success, stdout, stderr } = await run(python, [path, ...args]);
    if (!success) throw new Error(`Cannot run ${script}: ${stderr.trim().split("\n").at(-1)}`);
    return JSON.parse(stdout);
  }
  return null;
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
