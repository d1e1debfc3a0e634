import { dirname } from "@std/path";
import { findProgram, type Machine } from "./machine.ts";
import { installCommand } from "./packages.ts";
import { run } from "./run.ts";

/** Options of {@linkcode Pip.install}. */
interface PipOptions {
  /** Installs what the packages depend on as well. Default: true. */
  dependencies?: boolean;
}

/** The pip of a machine's Python, which installs into a folder of ours and nowhere else. */
export class Pip {
  readonly #machine: Machine;
  readonly #python: string;
  readonly #version: string;

  /** Made by {@linkcode findPip}. */
  constructor(machine: Machine, python: string, version: string) {
    this.#machine = machine;
    this.#python = python;
    this.#version = version;
  }

  /** Its version and its Python. */
  toString(): string {
    return `pip ${this.#version} (${this.#python})`;
  }

  /**
   * Unpacks packages into `folder`, with the folder around it for pip's temporary files: the usual place
   * for those is often too small.
   *
   * @throws {Error} When the index is out of reach or has no such package for this machine, or when pip
   * fails for another reason: its own last line is in the message.
   */
  async install(
    folder: string,
    packages: readonly string[],
    { dependencies = true }: PipOptions = {},
  ): Promise<void> {
    const options = dependencies ? [] : ["--no-deps"];
    let { success, stderr } = await this.#run(folder, packages, options);
    if (!success && isUnavailable(stderr)) {
      // Only the wheel's C++ libraries are wanted, and they are the same for every Python: a Python that
      // is too old or too new for the wheel fetches the one for another version.
      const other = ["--python-version", "3.12", "--only-binary", ":all:"];
      ({ success, stderr } = await this.#run(folder, packages, [...options, ...other]));
    }
    if (!success) throw failure(packages, stderr);
  }

  #run(folder: string, packages: readonly string[], options: readonly string[]) {
    const quiet = ["--no-input", "--disable-pip-version-check", "--no-compile"];
    const progress = ["--progress-bar", Number.parseFloat(this.#version) >= 24.1 ? "raw" : "off"];
    const command = [this.#python, "-m", "pip", "install", "--target", folder];
    return run(
      { ...this.#machine, env: { ...this.#machine.env, TMPDIR: dirname(folder) } },
      [...command, ...quiet, ...progress, ...options, ...packages],
      progressReporter(this.#machine.report),
    );
  }
}

/**
 * The pip of the Python on `PATH`.
 *
 * @throws {Error} When there is no Python, or it has no pip.
 */
export async function findPip(machine: Machine): Promise<Pip> {
  const python = findProgram(machine, "python3", "python");
  if (python === undefined) {
    throw new Error(
      "Cannot fetch libtorch: there is no Python on PATH. " +
        `Run \`${
          installCommand(machine, "python")
        }\`, then \`deno task build\`, or set LIBTORCH to a libtorch folder`,
    );
  }
  const { success, stdout } = await run(machine, [python, "-m", "pip", "--version"]);
  if (!success) {
    throw new Error(
      `Cannot fetch libtorch: ${python} has no pip. ` +
        `Run \`${installCommand(machine, "pip")}\`, then \`deno task build\``,
    );
  }
  return new Pip(machine, python, stdout.match(/^pip (\d+\.\d+)/)?.[1] ?? "?");
}

/** Passes on what pip downloads, and every tenth part of it where pip says how far it is. */
function progressReporter(report: (line: string) => void): (line: string) => void {
  let tenths = 0;
  return (line) => {
    const [, done, total] = line.match(/^Progress (\d+) of (\d+)$/)?.map(Number) ?? [];
    if (total === undefined) {
      if (/^\s*(Downloading|Processing|Using cached) .*\.whl/.test(line)) {
        tenths = 0;
        report(`  ${line.trim().replace(/ \S*\//, " ")}`);
      }
    } else if (total > 50e6 && Math.floor(10 * done / total) > tenths) {
      tenths = Math.floor(10 * done / total);
      report(`  ${10 * tenths} % of ${Math.round(total / 1e6)} MB`);
    }
  };
}

function isOffline(stderr: string): boolean {
  return /NewConnectionError|NameResolutionError|ConnectTimeout|ReadTimeout|ProxyError|SSLError|Network is unreachable|name resolution|Connection (refused|reset|broken)|Max retries exceeded/
    .test(stderr);
}

function isUnavailable(stderr: string): boolean {
  return /No matching distribution found/.test(stderr) && !isOffline(stderr);
}

function failure(packages: readonly string[], stderr: string): Error {
  const what = packages.join(", ");
  if (isOffline(stderr)) {
    return new Error(
      `Cannot fetch ${what}: pip cannot reach its package index. When the network is back, run ` +
        "`deno task build`; offline, set LIBTORCH to a libtorch folder",
    );
  }
  if (isUnavailable(stderr)) {
    const { os, arch } = Deno.build;
    return new Error(
      `Cannot fetch ${what}: pip's index has no build of it for ${os} on ${arch}. ` +
        "Run `python3 -m pip install --upgrade pip` if pip is old, or set LIBTORCH to a libtorch folder",
    );
  }
  const lines = stderr.split("\n").map((line) => line.trim()).filter((line) => line !== "");
  const reason = lines.findLast((line) => line.startsWith("ERROR:")) ?? lines.at(-1) ?? "no reason";
  return new Error(
    `Cannot fetch ${what}: pip failed (${reason.replace(/^ERROR: /, "")}). ` +
      "Fix that and run `deno task build`",
  );
}
