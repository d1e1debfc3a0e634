import type { Command } from "../../tasks/cli/command.ts";

/** What a command did in this process. */
export interface Captured {
  /** Its exit status. */
  readonly status: number;
  /** What it said on standard output. */
  readonly output: string;
  /** What it said on standard error. */
  readonly error: string;
}

/** Carries out a command in this process, and keeps what it says. */
export async function runCommand(command: Command, ...args: string[]): Promise<Captured> {
  const work = await command.prepare(args);
  return await captured(work);
}

/** Runs `body`, and keeps what it says on standard output and standard error. */
export async function captured(
  body: () => number | unknown | Promise<number | unknown>,
): Promise<Captured> {
  const texts = { stdout: "", stderr: "" };
  const originals = { stdout: Deno.stdout.writeSync, stderr: Deno.stderr.writeSync };
  for (const name of ["stdout", "stderr"] as const) {
    Deno[name].writeSync = (bytes) => {
      texts[name] += new TextDecoder().decode(bytes);
      return bytes.length;
    };
  }
  try {
    const status = await body();
    return { status: Number(status ?? 0), output: texts.stdout, error: texts.stderr };
  } finally {
    for (const name of ["stdout", "stderr"] as const) Deno[name].writeSync = originals[name];
  }
}

/** Runs `body` while nothing can be written to standard output, as if the disk behind it were full. */
export async function withoutOutput(body: () => Promise<void>): Promise<void> {
  const original = Deno.stdout.writeSync;
  Deno.stdout.writeSync = () => {
    throw new Error("No space left on device");
  };
  try {
    await body();
  } finally {
    Deno.stdout.writeSync = original;
  }
}

/** Carries out a command that is told to stop, by SIGTERM, as soon as it listens. */
export async function runStopped(command: Command, ...args: string[]): Promise<Captured> {
  const { addSignalListener, removeSignalListener } = Deno;
  Deno.addSignalListener = (name, listener) => {
    if (name === "SIGTERM") listener();
  };
  Deno.removeSignalListener = () => {};
  try {
    return await runCommand(command, ...args);
  } finally {
    Object.assign(Deno, { addSignalListener, removeSignalListener });
  }
}
