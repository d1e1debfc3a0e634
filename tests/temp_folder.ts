/** Runs `body` with the path of an empty folder that is removed afterwards. */
export async function inTempFolder(body: (path: string) => void | Promise<void>): Promise<void> {
  const path = await Deno.makeTempDir();
  try {
    await body(path);
  } finally {
    await Deno.remove(path, { recursive: true });
  }
}
