import { dirname, join } from "@std/path";

/** Runs `body` with the path of an empty folder that is removed afterwards. */
export async function inTempFolder(body: (path: string) => void | Promise<void>): Promise<void> {
  const path = await Deno.makeTempDir();
  try {
    await body(path);
  } finally {
    await Deno.remove(path, { recursive: true });
  }
}

/** Runs `body` with a folder that holds the named, empty files. */
export function withEmptyFiles(
  names: readonly string[],
  body: (folder: string) => void | Promise<void>,
): Promise<void> {
  return inTempFolder(async (folder) => {
    for (const name of names) {
      await Deno.mkdir(dirname(join(folder, name)), { recursive: true });
      await Deno.writeFile(join(folder, name), new Uint8Array());
    }
    await body(folder);
  });
}
