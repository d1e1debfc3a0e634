import { assertEquals } from "@std/assert";
import { liveTensors } from "../../src/tensor/scope.ts";
import type { Command } from "../../tasks/cli/command.ts";
import { type Captured, captured } from "./captured.ts";

/** What a command did in this process, before a terminal. */
interface Watched extends Captured {
  /** The bars that it showed, without their times: `features 20/40`. */
  readonly bars: readonly string[];
  /** The threads that it decoded on. */
  readonly threads: number;
}

/**
 * Carries out a command before a terminal, and watches its bars and threads. What it holds must end with it: threads, tensors,
 * listeners of signals and the last bar.
 */
export async function watched(command: Command, ...args: string[]): Promise<Watched> {
  const { isTerminal } = Deno.stderr, { consoleSize } = Deno, { Worker } = globalThis;
  const tensors = liveTensors();
  const { addSignalListener, removeSignalListener } = Deno;
  let threads = 0, running = 0, listening = 0;
  globalThis.Worker = class extends Worker {
    constructor(url: string | URL, options?: WorkerOptions) {
      super(url, options);
      if (String(url).endsWith("decode_worker.ts")) threads++;
      running++;
    }
    override terminate(): void {
      super.terminate();
      running--;
    }
  };
  Deno.addSignalListener = (...args) => {
    addSignalListener(...args);
    listening++;
  };
  Deno.removeSignalListener = (...args) => {
    removeSignalListener(...args);
    listening--;
  };
  Deno.stderr.isTerminal = () => true;
  Deno.consoleSize = () => ({ columns: 100, rows: 40 });
  try {
    const work = await command.prepare(args);
    const { error, ...rest } = await captured(work);
    const shown = error.split("\r\x1b[2K");
    const bars = shown.flatMap((text) => {
      const [, title, count] = /^(.*) [█░]{24} (\d+\/\d+)/.exec(text) ?? [];
      return title === undefined ? [] : [`${title} ${count}`];
    });
    const left = { threads: running, tensors: liveTensors() - tensors, listeners: listening };
    assertEquals(left, { threads: 0, tensors: 0, listeners: 0 }, "what outlives the command");
    assertEquals(/[█░]/.test(shown.at(-1)!), false, "a bar stays");
    return {
      ...rest,
      error: shown.filter((text) => text.endsWith("\n")).join(""),
      bars,
      threads,
    };
  } finally {
    Deno.stderr.isTerminal = isTerminal;
    Object.assign(Deno, { consoleSize, addSignalListener, removeSignalListener });
    globalThis.Worker = Worker;
  }
}
