import { createHash } from "node:crypto";
import { join } from "@std/path";
import { removeIfThere } from "../../files/atomic_file.ts";
import { namesIn } from "../../files/folder_names.ts";

/** What lies in the cache: lists of folders and shards, and archives without their gzip. */
const KINDS = ["indexes", "unpacked"] as const;

/**
 * Where something that can be made again is kept. The cache lies in `DEINO_CACHE`, or as systems have it in `XDG_CACHE_HOME`
 * or `~/.cache`, and where there is no home in the folder for temporary files.
 *
 * @param kind What it is.
 * @param identity What it was made of, as JSON tells it.
 * @param ending The ending of its name.
 * @returns Its path; the folder is made where it is missing.
 * @throws {Error} If that cannot be made.
 */
export function cachePath(
  kind: typeof KINDS[number],
  identity: unknown,
  ending: string,
): string {
  const folder = join(cacheFolder(), kind);
  try {
    Deno.mkdirSync(folder, { recursive: true });
  } catch (cause) {
    throw new Error(
      `Cannot make the cache folder ${folder}: ${
        (cause as Error).message
      }. Set DEINO_CACHE to a folder that can be written`,
      { cause },
    );
  }
  const name = createHash("sha256").update(JSON.stringify(identity)).digest("hex");
  return join(folder, name + ending);
}

/** A file or folder that changed so lately, in milliseconds, may change again within the same tick of its clock. */
export const SETTLED = 2000;

/**
 * Empties the cache, also of what was being written when a process was killed. What reads unpacked archives meanwhile finds
 * them gone.
 *
 * @returns The bytes that were freed.
 * @throws {Error} If something cannot be removed.
 */
export function clearCache(): number {
  let bytes = 0;
  for (const kind of KINDS) {
    const folder = join(cacheFolder(), kind);
    for (const name of namesIn(folder, "files")) {
      const path = join(folder, name);
      bytes += Deno.statSync(path).size;
      Deno.removeSync(path);
    }
  }
  return bytes;
}

/** Bytes of unpacked archives above which old ones are removed: 100 GiB. */
const MOST_UNPACKED = 100 * 2 ** 30;
/** Milliseconds after which a run hardly reads an archive any more: a week. */
const OLD = 7 * 24 * 3600 * 1000;

/** Notes that an unpacked archive is used now. */
export function touchUnpacked(path: string): void {
  try {
    Deno.utimeSync(path, new Date(), Deno.statSync(path).mtime!); // by its time of change its list is known
  } catch {
    // Then it may be removed and unpacked again.
  }
}

/**
 * Removes unpacked archives that were not used for a week, those used longest ago first, while all take more than 100 GiB.
 *
 * @param most Other bytes than these.
 * @returns What to tell of it; undefined where nothing is too much.
 */
export function trimUnpacked(most = MOST_UNPACKED): string | undefined {
  const folder = join(cacheFolder(), "unpacked");
  const files = namesIn(folder, "files").flatMap((name) => {
    const path = join(folder, name);
    try {
      const { size, atime } = Deno.statSync(path);
      return { path, size, used: atime?.getTime() ?? 0 };
    } catch {
      return []; // another process has removed it
    }
  });
  const total = files.reduce((sum, { size }) => sum + size, 0);
  let left = total;
  for (const { path, size } of files.filter(isOld).sort((a, b) => a.used - b.used)) {
    if (left <= most) break;
    removeIfThere(path);
    left -= size;
  }
  const gib = (bytes: number) => `${(bytes / 2 ** 30).toFixed(1)} GiB`;
  const freed = left < total
    ? `Removed ${gib(total - left)} of unpacked shards unused for a week; `
    : "";
  if (left > most) {
    return `${freed || "Note: "}unpacked shards take ${
      gib(left)
    } in ${folder}: deno task data index --clear removes them`;
  }
  return freed && `${freed}${gib(left)} are left in ${folder}` || undefined;
}

function isOld({ used }: { used: number }): boolean {
  return used < Date.now() - OLD;
}

function cacheFolder(): string {
  const env = (name: string) => Deno.env.get(name) || undefined;
  const own = env("DEINO_CACHE");
  if (own !== undefined) return own;
  const home = env("HOME");
  const caches = env("XDG_CACHE_HOME") ?? (home && join(home, ".cache"));
  return join(caches ?? env("TMPDIR") ?? "/tmp", "deino");
}
