/** Runs `body` with the path of an empty folder that is removed afterwards. */
export function inFolder<T>(body: (folder: string) => T): T {
  const folder = Deno.makeTempDirSync();
  try {
    return body(folder);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}
