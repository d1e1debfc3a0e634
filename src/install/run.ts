import type { Machine } from "./machine.ts";

/** How a program ended, and what it wrote. */
interface Finished {
  /** Whether it ended with status 0. */
  readonly success: boolean;
  /** Everything written to standard output. */
  readonly stdout: string;
  /** Everything written to standard error. */
  readonly stderr: string;
}

/** Runs a program to its end with the machine's environment; `onLine` sees its output as it comes. */
export async function run(
  machine: Machine,
  command: readonly string[],
  onLine: (line: string) => void = () => {},
): Promise<Finished> {
  const child = new Deno.Command(command[0], {
    args: command.slice(1),
    env: machine.env,
    clearEnv: true,
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const [stdout, stderr, status] = await Promise.all([
    collect(child.stdout, onLine),
    collect(child.stderr, onLine),
    child.status,
  ]);
  return { success: status.success, stdout, stderr };
}

async function collect(
  stream: ReadableStream<Uint8Array>,
  onLine: (line: string) => void,
): Promise<string> {
  const decoder = new TextDecoder();
  let [text, rest] = ["", ""];
  for await (const bytes of stream) {
    const chunk = decoder.decode(bytes, { stream: true });
    text += chunk;
    const lines = (rest + chunk).split("\n");
    rest = lines.pop() ?? "";
    lines.forEach(onLine);
  }
  if (rest !== "") onLine(rest);
  return text;
}
