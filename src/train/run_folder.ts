import { stringify } from "@std/yaml";
import { createHash } from "node:crypto";
import { join } from "@std/path";
import { listCheckpoints } from "../checkpoint/retain.ts";
import type { Config } from "../config/schema.ts";
import type { BrokenFile } from "../data/broken_files.ts";
import { removeIfThere, writeTextAtomically } from "../files/atomic_file.ts";
import { parseObject } from "../files/header_validation.ts";
import { namesIn } from "../files/folder_names.ts";
import { printable } from "../files/quoted.ts";
import type { MetricsLine } from "./metrics.ts";

/** The run's name and its resolved configuration. */
export const CONFIG = "config.yaml";
/** Who works in the folder; it is there as long as somebody does. */
export const OWNER = "owner.json";
/** What it runs on. */
export const ENVIRONMENT = "environment.json";
/** Losses and rates, a line for each time they are logged. */
export const METRICS = "training_metrics.json";
/** Files that could not be decoded. */
export const SKIPPED = "skipped_files.txt";

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
   * Makes the folder of a new run, or takes one in which a start failed before anything was saved.
   *
   * @param path The folder; it may exist but hold no run.
   * @param config What goes into `config.yaml`.
   * @param id The run's name, which its checkpoints bear as well.
   * @throws {Error} If it already contains a run, or a `config.yaml` of something else, or cannot be written.
   */
  static create(path: string, config: Config, id: string = crypto.randomUUID()): RunFolder {
    requireNoRun(path);
    const folder = new RunFolder(path);
    folder.writeConfig(config, id);
    for (const name of [METRICS, SKIPPED, ENVIRONMENT]) removeIfThere(join(path, name));
    return folder;
  }

  /**
   * Opens the folder of a run that is resumed.
   *
   * @throws {Error} If it holds no run.
   */
  static reopen(path: string): RunFolder {
    if (!holdsSaved(path) && !namesIn(path, "files").includes(CONFIG)) {
      throw new Error(`No run to resume in ${path}: there is neither a ${CONFIG} nor a checkpoint`);
    }
    return new RunFolder(path);
  }

  /** Removes what a start has written that failed before anything was saved. */
  discard(): void {
    for (const name of [CONFIG, METRICS, SKIPPED, ENVIRONMENT]) {
      removeIfThere(join(this.path, name));
    }
  }

  /** Writes the configuration, with the run's name above it. */
  writeConfig(config: Config, id: string | undefined): void {
    this.#write(CONFIG, stringify({ ...id !== undefined && { run_id: id }, ...config }));
  }

  /** What was noted of the process that worked here last; empty where that cannot be read. */
  environment(): Record<string, unknown> {
    try {
      return parseObject(Deno.readTextFileSync(join(this.path, ENVIRONMENT)));
    } catch {
      return {};
    }
  }

  /** Writes down what the run runs on. */
  writeEnvironment(environment: object): void {
    this.#write(ENVIRONMENT, JSON.stringify(environment, null, 2) + "\n");
  }

  /** Writes the list of skipped files, one a line with its reason. */
  writeSkipped(files: readonly BrokenFile[]): void {
    this.#write(SKIPPED, files.map((file) => `${skippedLine(file)}\n`).join(""));
  }

  /** Adds a line to the metrics. */
  appendMetrics(line: MetricsLine): void {
    const path = join(this.path, METRICS);
    try {
      Deno.writeTextFileSync(path, JSON.stringify(line) + "\n", { append: true });
    } catch (cause) {
      throw new Error(`Cannot write "${path}": ${(cause as Error).message}`, { cause });
    }
  }

  /**
   * Makes the metrics last through a power cut.
   *
   * @returns The SHA-256 of all that they hold.
   */
  syncMetrics(): string {
    try {
      using file = Deno.openSync(join(this.path, METRICS), { write: true });
      file.syncSync();
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error; // nothing was logged yet
    }
    return digest(this.#read(METRICS));
  }

  /** The lines of the metrics; what is no line, such as a last one that was cut off, is left out. */
  metrics(): MetricsLine[] {
    return this.#read(METRICS).split("\n").flatMap((line) => {
      try {
        const parsed = JSON.parse(line);
        return Number.isSafeInteger(parsed?.iteration) ? [parsed] : [];
      } catch {
        return [];
      }
    });
  }

  /**
   * Removes lines of iterations that a resumed run goes through once more.
   *
   * @returns The SHA-256 of what is left.
   */
  rewindMetrics(iteration: number): string {
    const text = this.#metricsUpTo(iteration);
    this.#write(METRICS, text);
    return digest(text);
  }

  /** The SHA-256 of the metrics' lines up to an iteration. */
  metricsDigest(iteration: number): string {
    return digest(this.#metricsUpTo(iteration));
  }

  /** Those of some skipped files that the list lacks. */
  unlisted(files: readonly BrokenFile[]): BrokenFile[] {
    const listed = new Set(this.#read(SKIPPED).split("\n"));
    return files.filter((file) => !listed.has(skippedLine(file)));
  }

  #metricsUpTo(iteration: number): string {
    const lines = this.metrics().filter((line) => line.iteration <= iteration);
    return lines.map((line) => JSON.stringify(line) + "\n").join("");
  }

  #read(name: string): string {
    try {
      return Deno.readTextFileSync(join(this.path, name));
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return "";
      throw error;
    }
  }

  #write(name: string, text: string): void {
    writeTextAtomically(join(this.path, name), text);
  }
}

/**
 * Refuses a folder that contains a run, or a configuration that no failed start left there.
 *
 * @throws {Error} If it does.
 */
export function requireNoRun(path: string): void {
  if (holdsSaved(path)) {
    throw new Error(
      `${path} already contains a run. Resume it with --resume, ` +
        "or start in another folder with --output-dir",
    );
  }
  if (isForeignConfig(join(path, CONFIG))) {
    throw new Error(
      `Cannot start a run in ${path}: it holds a ${CONFIG} that no failed start left there. ` +
        "Move it away, resume with --resume, or name another folder with --output-dir",
    );
  }
}

/** Whether a folder holds anything that was learned. */
function holdsSaved(path: string): boolean {
  return listCheckpoints(path).length > 0 || namesIn(path, "folders").includes("eval");
}

function isForeignConfig(path: string): boolean {
  try {
    return !Deno.readTextFileSync(path).startsWith("run_id:");
  } catch {
    return false; // there is none, or writing it will tell
  }
}

function skippedLine({ path, reason }: BrokenFile): string {
  return `${printable(path)}\t${printable(reason)}`;
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
