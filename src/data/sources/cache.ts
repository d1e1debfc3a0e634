import { createHash } from "node:crypto";
import { join } from "@std/path";
import { namesIn } from "../../files/folder_names.ts";

/** What lies in the cache: lists of folders and shards, and archives without their gzip. */
const KINDS = ["indexes", "unpacked"] as const;

/**
 * Where something that can be made again is kept. The cache lies in `DEINO_CACHE`, or as systems have it in `XDG_CACHE_HOME`
 * or `~/.cache`.
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

function cacheFolder(): string {
  const env = (name: string) => Deno.env.get(name) || undefined;
  return env("DEINO_CACHE") ??
    join(env("XDG_CACHE_HOME") ?? join(env("HOME") ?? ".", ".cache"), "deino");
}
