import { effectiveBatch } from "../../src/config/effective_batch.ts";
import type { TrainEvent } from "../../src/train/events.ts";
import { progressBar, progressLine } from "../../src/train/progress.ts";
import { evaluationLine } from "./summary.ts";
import { healthLine } from "./health_line.ts";

/** Where a {@linkcode Reporter} writes. */
export interface Output {
  /** Takes text as it is, without a line's end. */
  readonly write: (text: string) => void;
  /** The terminal's width, or undefined if it is no terminal. */
  readonly columns: () => number | undefined;
}

const CLEAR_LINE = "\r\x1b[2K";

/** Shows a run: a bar that renews itself on a terminal, a line every ten steps elsewhere. */
export class Reporter {
  readonly #output: Output;
  #hasBar = false;

  /** @param output Where to write. */
  constructor(output: Output) {
    this.#output = output;
  }

  /** Shows an event. */
  show(event: TrainEvent): void {
    switch (event.kind) {
      case "start":
        return this.line(startLine(event));
      case "note":
        return this.line(event.text);
      case "health":
        return this.line(`Iteration ${event.iteration}: ${healthLine(event.health)}`);
      case "evaluation":
        return this.line(evaluationLine(event.evaluation));
      case "checkpoint":
        return;
      case "progress": {
        const columns = this.#output.columns();
        if (columns === undefined) return this.line(progressLine(event.progress));
        this.#output.write(CLEAR_LINE + progressBar(event.progress, columns));
        this.#hasBar = true;
      }
    }
  }

  /** Writes a line of its own. */
  line(text: string): void {
    this.#output.write(`${this.#hasBar ? CLEAR_LINE : ""}${text}\n`);
    this.#hasBar = false;
  }
}

function startLine(event: Extract<TrainEvent, { kind: "start" }>): string {
  const { student } = event.config;
  const where = event.done === 0 ? "" : `, going on after ${event.done}`;
  return `Training ${student.arch} with patches of ${student.patch_size} on ${event.images} images: ` +
    `${event.total} iterations of ${
      effectiveBatch(event.config)
    }${where}, on ${event.device}, in ${event.folder}`;
}
