import { lockFile } from "../files/lock_file.ts";
import type { Machine } from "./machine.ts";

/** The folder that holds everything built. */
export function buildFolder(machine: Machine): string {
  return `${machine.project}/native/build`;
}

/** Keeps other processes from fetching or building in this checkout, waiting for one that does. */
export function lockBuildFolder(machine: Machine): Promise<Disposable> {
  return lockFile(`${buildFolder(machine)}/lock`, {
    onWait: () => machine.report("Waiting for another process that builds here"),
  });
}
