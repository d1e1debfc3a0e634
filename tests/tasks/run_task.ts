import { fromFileUrl } from "@std/path";
import project from "../../deno.json" with { type: "json" };
import { type Moment, preloaded } from "./moment.ts";

const ROOT = fromFileUrl(new URL("../../", import.meta.url));

/** How a task ended. */
interface TaskOutcome {
  /** Its exit status. */
  readonly status: number;
  /** What it said on standard output. */
  readonly output: string;
  /** What it said on standard error. */
  readonly error: string;
}

/** The flags that `deno task NAME` runs a task with: the permissions that it has to do with, above all. */
export function flagsOf(name: string): string[] {
  const { command } = project.tasks[name as keyof typeof project.tasks];
  const flags = command.split(" ").filter((word) => word.startsWith("-"));
  return flags.map((flag) => flag.replace("--preload=", `--preload=${ROOT}`));
}

/** Runs `tasks/NAME.ts` as `deno task` does, with types unchecked since `deno task ok` checks them. */
export function runTask(name: string, ...args: string[]): Promise<TaskOutcome> {
  return runTaskAt(undefined, name, ...args);
}

/** Runs a task to which something happens on its way. */
export async function runTaskAt(
  moment: Moment | undefined,
  name: string,
  ...args: string[]
): Promise<TaskOutcome> {
  const file = fromFileUrl(new URL(`../../tasks/${name}.ts`, import.meta.url));
  const { flags, env } = preloaded(moment);
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", ...flagsOf(name), ...flags, "--no-check", file, ...args],
    env,
  }).output();
  const [output, error] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  return { status: code, output, error };
}
