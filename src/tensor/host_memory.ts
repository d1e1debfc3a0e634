import { readSystemFile } from "../files/system_file.ts";

/** Memory for tensors, in bytes. */
export interface AvailableMemory {
  /** Total memory of the device or, on the CPU, of the container this process runs in. */
  readonly total: number;
  /** What is free now. */
  readonly free: number;
}

/** Where Linux keeps the limits of containers: cgroups of version 2, then of version 1. */
const CONTROLLERS = [
  { line: /^0::(.*)$/m, root: "/sys/fs/cgroup", limit: "memory.max", used: "memory.current" },
  {
    line: /^\d+:memory:(.*)$/m,
    root: "/sys/fs/cgroup/memory",
    limit: "memory.limit_in_bytes",
    used: "memory.usage_in_bytes",
  },
] as const;

/**
 * Measures the memory of the machine and of every container that holds this process; the smallest counts.
 *
 * @param read Reads a file, or gives undefined where there is none. Default: from the system.
 */
export function hostMemory(
  read: (path: string) => string | undefined = readSystemFile,
): AvailableMemory {
  const { total, available } = Deno.systemMemoryInfo();
  const limits = containers(read).map(({ limit, used }) => ({ total: limit, free: limit - used }));
  const all = [{ total, free: available }, ...limits];
  return {
    total: Math.min(...all.map((each) => each.total)),
    free: Math.max(0, Math.min(...all.map((each) => each.free))),
  };
}

function containers(read: (path: string) => string | undefined) {
  const membership = read("/proc/self/cgroup") ?? "";
  return CONTROLLERS.flatMap(({ line, root, limit, used }) => {
    const path = line.exec(membership)?.[1].replace(/\/$/, "");
    if (path === undefined) return [];
    const folders = path.split("/").map((_, i, names) => root + names.slice(0, i + 1).join("/"));
    return folders.flatMap((folder) => {
      const [most, now = 0] = [limit, used].map((name) => numberIn(read(`${folder}/${name}`)));
      const cache = numberIn(
        /^(?:total_)?inactive_file (\d+)$/m.exec(read(`${folder}/memory.stat`) ?? "")?.[1],
      );
      return most === undefined ? [] : [{ limit: most, used: now - (cache ?? 0) }];
    });
  });
}

/** The number that a file holds; undefined without one, as in "max". */
function numberIn(text: string | undefined): number | undefined {
  const value = Number(text ?? NaN);
  return Number.isFinite(value) ? value : undefined;
}
