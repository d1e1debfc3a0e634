import { stringify } from "@std/yaml";
import { join } from "@std/path";
import { writeAll, writeAtomically } from "../files/atomic_file.ts";
import { lastCheckpoint } from "../checkpoint/retain.ts";
import { loadSettings } from "../config/load.ts";
import { resolveConfig } from "../config/resolve.ts";
import type { Config } from "../config/schema.ts";
import type { MetricsLine } from "./metrics.ts";

const CONFIG = "config.yaml";
const ENVIRONMENT = "environment.json";
const METRICS = "training_metrics.json";
const SKIPPED = "skipped_files.txt";

/** A file that is no image, and why. */
export interface SkippedFile {
  /** Its path. */
  readonly path: string;
  /** What is wrong with it. */
  readonly reason: string;
}

/**
 * The folder of a run: resolved configuration, environment, metrics, skipped files; checkpoints and evaluated teachers
 * lie beside them.
 */
export class RunFolder {
  /** Its path. */
  readonly path: string;

  private constructor(path: string) {
    this.path = path;
  }

  /**
   * Makes the folder of a new run.
   *
   * @param path The folder; it may exist but hold no run.
   * @param config What goes into `config.yaml`.
   * @throws {Error} If it holds a run already or cannot be written.
   */
  static create(path: string, config: Config): RunFolder {
    if (holdsRun(path)) {
      throw new Error(
        `Cannot begin a run in ${path}: it holds one already. Go on with it by --resume, ` +
          "or name another folder by --output-dir",
      );
    }
    const folder = new RunFolder(path);
    folder.#write(CONFIG, stringify(config as unknown as Record<string, unknown>));
    return folder;
  }

  /**
   * Opens the folder of a run that goes on.
   *
   * @throws {Error} If it holds no run.
   */
  static reopen(path: string): RunFolder {
    if (!holdsRun(path)) {
      throw new Error(`Cannot go on with a run in ${path}: it holds none (there is no ${CONFIG})`);
    }
    return new RunFolder(path);
  }

  /** The run's configuration. */
  async config(): Promise<Config> {
    return resolveConfig((await loadSettings(join(this.path, CONFIG))).settings);
  }

  /** Writes down what the run runs on. */
  writeEnvironment(environment: object): void {
    this.#write(ENVIRONMENT, JSON.stringify(environment, null, 2) + "\n");
  }

  /** Writes the list of skipped files, one a line with its reason. */
  writeSkipped(files: readonly SkippedFile[]): void {
    this.#write(SKIPPED, files.map(({ path, reason }) => `${path}\t${reason}\n`).join(""));
  }

  /** Adds a line to the metrics. */
  appendMetrics(line: MetricsLine): void {
    const path = join(this.path, METRICS);
    try {
      Deno.writeTextFileSync(path, JSON.stringify(line) + "\n", { append: true });
    } catch (cause) {
      throw new Error(`Cannot write ${path}: ${(cause as Error).message}`, { cause });
    }
  }

  /** The lines of the metrics; a last one that was cut off is left out. */
  metrics(): MetricsLine[] {
    let text: string;
    try {
      text = Deno.readTextFileSync(join(this.path, METRICS));
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return [];
      throw error;
    }
    return text.split("\n").flatMap((line) => {
      try {
        return [JSON.parse(line)];
      } catch {
        return [];
      }
    });
  }

  /** Removes lines of iterations that a resumed run goes through once more. */
  rewindMetrics(iteration: number): void {
    const lines = this.metrics().filter((line) => line.iteration <= iteration);
    this.#write(METRICS, lines.map((line) => JSON.stringify(line) + "\n").join(""));
  }

  #write(name: string, text: string): void {
    const bytes = new TextEncoder().encode(text);
    writeAtomically(join(this.path, name), (file) => writeAll(file, bytes));
  }
}

function holdsRun(path: string): boolean {
  try {
    return Deno.statSync(join(path, CONFIG)).isFile || lastCheckpoint(path) !== null;
  } catch {
    return false;
  }
}
