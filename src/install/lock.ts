import type { Machine } from "./machine.ts";

/**
 * Runs `work` while no other process fetches or builds in this checkout, waiting for one that does. The
 * lock is the operating system's: it goes with the process, however that ends.
 */
export async function whileLocked<T>(machine: Machine, work: () => Promise<T>): Promise<T> {
  const folder = buildFolder(machine);
  await Deno.mkdir(folder, { recursive: true });
  using file = await Deno.open(`${folder}/lock`, { create: true, write: true });
  if (!await file.tryLock(true)) {
    machine.report("Waiting for another process that builds here");
    await file.lock(true);
  }
  return await work();
}

/** The folder that holds everything built. */
export function buildFolder(machine: Machine): string {
  return `${machine.project}/native/build`;
}
