/**
 * How libtorch's threads share the processor. OpenMP reads its settings once, as libtorch is opened.
 *
 * @module
 */
import { readSystemFile } from "../files/system_file.ts";

/**
 * Sets up OpenMP, except for what the user has set.
 *
 * Threads that wait for work spin by default. On 2 cores, two runs at once made an eighth each of the images of one, and
 * half each with threads that sleep; those that decode images starve alike. And OpenMP counts the cores that a process may
 * run on, not the share of their time that a container is given: more threads than that only wait for each other.
 */
export function setUpOpenMp(): void {
  const isSet = (name: string) => Deno.env.get(name) !== undefined;
  if (!isSet("GOMP_SPINCOUNT") && !isSet("OMP_WAIT_POLICY")) Deno.env.set("GOMP_SPINCOUNT", "0");
  const usable = navigator.hardwareConcurrency; // by affinity and by the container's quota
  if (!isSet("OMP_NUM_THREADS") && usable < allowedCores()) {
    Deno.env.set("OMP_NUM_THREADS", String(usable));
  }
}

/** Cores that the process may run on; 0 where the system does not tell. */
function allowedCores(): number {
  const status = readSystemFile("/proc/self/status") ?? "";
  const list = /^Cpus_allowed_list:\s*(\S+)$/m.exec(status)?.[1];
  if (list === undefined) return 0;
  return list.split(",").map((range) => range.split("-").map(Number))
    .reduce((sum, [first, last = first]) => sum + last - first + 1, 0);
}
