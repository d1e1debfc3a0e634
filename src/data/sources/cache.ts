import { join } from "@std/path";

/**
 * A folder for what can be made again: unpacked archives and indexes. It lies in `DEINO_CACHE`, or as systems have it in
 * `XDG_CACHE_HOME` or `~/.cache`.
 *
 * @param kind What it holds.
 * @returns Its path; it is made where it is missing.
 * @throws {Error} If it cannot be made.
 */
export function cacheFolder(kind: string): string {
  const env = (name: string) => Deno.env.get(name) || undefined;
  const base = env("DEINO_CACHE") ??
    join(env("XDG_CACHE_HOME") ?? join(env("HOME") ?? ".", ".cache"), "deino");
  const folder = join(base, kind);
  try {
    Deno.mkdirSync(folder, { recursive: true });
    return folder;
  } catch (cause) {
    throw new Error(
      `Cannot make the cache folder ${folder}: ${
        (cause as Error).message
      }. Set DEINO_CACHE to a folder that can be written`,
      { cause },
    );
  }
}
