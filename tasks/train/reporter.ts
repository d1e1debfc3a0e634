import { effectiveBatch } from "../../src/config/effective_batch.ts";
import { counted } from "../../src/files/quoted.ts";
import type { TrainEvent } from "../../src/train/events.ts";
import { listingLine } from "../cli/open_source.ts";
import type { Terminal } from "../cli/terminal.ts";
import { profileLines } from "./profile_lines.ts";
import { progressBar, progressLine } from "./progress.ts";
import { evaluationLine, healthLine } from "./summary.ts";

/** Shows a run: a bar that renews itself on a terminal, a line every ten steps elsewhere. */
export class Reporter {
  readonly #terminal: Terminal;

  /** @param terminal Where to write. */
  constructor(terminal: Terminal) {
    this.#terminal = terminal;
  }

  /** Shows an event. */
  show(event: TrainEvent): void {
    switch (event.kind) {
      case "start":
        return this.line(startLine(event));
      case "note":
        return this.line(event.text);
      case "listing":
        return this.#terminal.status(listingLine(event.names));
      case "health":
        return this.line(`Iteration ${event.iteration}: ${healthLine(event.health)}`);
      case "evaluation":
        return this.line(evaluationLine(event.evaluation));
      case "profile":
        return profileLines(event.summary, event.path).forEach((line) => this.line(line));
      case "checkpoint":
        return;
      case "progress": {
        const { columns } = this.#terminal;
        if (columns === undefined) return this.line(progressLine(event.progress));
        this.#terminal.status(progressBar(event.progress, columns));
      }
    }
  }

  /** Writes a line of its own. */
  line(text: string): void {
    this.#terminal.line(text);
  }
}

function startLine(event: Extract<TrainEvent, { kind: "start" }>): string {
  const { student } = event.config;
  const where = event.done === 0 ? "" : `, resuming after ${event.done}`;
  return `Training ${student.arch} with patches of ${student.patch_size} on ${
    counted(event.images, "image")
  }: ` +
    `${counted(event.total, "iteration")} of ${
      effectiveBatch(event.config)
    }${where}, on ${event.device}, in ${event.folder}`;
}
