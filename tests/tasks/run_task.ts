import { fromFileUrl } from "@std/path";

/** How a task ended. */
interface TaskOutcome {
  /** Its exit status. */
  readonly status: number;
  /** What it said on standard output. */
  readonly output: string;
  /** What it said on standard error. */
  readonly error: string;
}

/** Runs `tasks/NAME.ts` as `deno task` does, with types unchecked since `deno task ok` checks them. */
export async function runTask(name: string, ...args: string[]): Promise<TaskOutcome> {
  const file = fromFileUrl(new URL(`../../tasks/${name}.ts`, import.meta.url));
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", file, ...args],
  }).output();
  const [output, error] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  return { status: code, output, error };
}
