import { lockFile } from "../files/lock_file.ts";
import type { Machine } from "./machine.ts";

/** The folder that holds everything built. */
export function buildFolder(machine: Machine): string {
  return `${machine.project}/native/build`;
}

/**
 * Keeps other processes from fetching or building in this checkout, waiting for one that does.
 *
 * @throws {Error} If the folder cannot be written to.
 */
export async function lockBuildFolder(machine: Machine): Promise<Disposable> {
  const onWait = () => machine.report("Waiting for another process that builds here");
  try {
    return await lockFile(`${buildFolder(machine)}/lock`, { onWait });
  } catch (cause) {
    const { message } = cause as Error;
    throw new Error(
      `Cannot build here: ${message}. Run \`deno task build\` as the owner of this folder, or in a copy of your own`,
      { cause },
    );
  }
}
