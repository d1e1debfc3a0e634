/** What `body` returns; prints what it throws and ends with `status`. */
export async function orExit<T>(status: number, body: () => T | Promise<T>): Promise<T> {
  try {
    return await body();
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    Deno.exit(status);
  }
}

/** Whether a word of a command line asks for help. */
export function asksForHelp(word: string): boolean {
  return word === "--help" || word === "-h";
}
