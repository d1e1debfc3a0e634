import { parseArgs } from "@std/cli/parse-args";
import { keyCalled } from "../../src/config/find_key.ts";
import { adviseName, nearestName } from "../../src/config/nearest_name.ts";
import { readYamlWord } from "../../src/config/yaml.ts";
import { absolutePath, absoluteSource } from "./paths.ts";

/** The flags of a command, without their dashes. */
export interface FlagNames {
  /** Flags that must be given. */
  readonly required?: readonly string[];
  /** Flags that may be given. */
  readonly optional?: readonly string[];
  /** Flags of those that may be given several times. */
  readonly repeated?: readonly string[];
  /** Flags without a value. */
  readonly switches?: readonly string[];
  /** Whether settings, key=value, may stand among them. Default: false. */
  readonly settings?: boolean;
  /** What flags are called elsewhere, each with its name here. */
  readonly cousins?: Readonly<Record<string, string>>;
}

/** The flags of a command line. Reference spellings, `--batch_size`, are read like `--batch-size`. */
export class Flags {
  /** Words of the form key=value. */
  readonly settings: readonly string[];
  readonly #values: Record<string, unknown>;

  /**
   * @param args The command line.
   * @param names The flags there are.
   * @throws {TypeError} If a flag does not exist, lacks its value, comes twice or is missing.
   */
  constructor(args: readonly string[], names: FlagNames) {
    const { required = [], optional = [], repeated = [], switches = [] } = names;
    const valued = [...required, ...optional];
    const words = args.map((word) =>
      word.replace(/^--[^=.]+(?==|$)/, (flag) => flag.replaceAll("_", "-"))
    );
    this.#values = parseArgs(words, {
      string: valued,
      boolean: [...switches],
      collect: valued,
      unknown: (word: string, key?: string) => {
        if (key === undefined && names.settings && word.includes("=")) return true;
        throw new TypeError(unexpected(word, key, names));
      },
    });
    this.settings = (this.#values._ as unknown[]).map(String);
    for (const name of valued) {
      const values = this.#values[name] as string[], { length } = values;
      if (length > 1 && !repeated.includes(name)) {
        throw new TypeError(`--${name} was given ${length === 2 ? "twice" : `${length} times`}`);
      }
      if (values.includes("")) throw new TypeError(`--${name} needs a value`);
      if (length === 0 && required.includes(name)) {
        throw new TypeError(`Missing required --${name}`);
      }
    }
  }

  /** The text of a required flag. */
  text(name: string): string {
    return this.optional(name)!;
  }

  /** The text of a flag, or undefined. */
  optional(name: string): string | undefined {
    return (this.#values[name] as string[])[0];
  }

  /** The absolute path that a required flag names. */
  path(name: string): string {
    return absolutePath(this.text(name));
  }

  /** The absolute path that a flag names, or undefined. */
  optionalPath(name: string): string | undefined {
    return this.optional(name) && this.path(name);
  }

  /** The source of images that a required flag names, with an absolute path in it. */
  source(name: string): string {
    return absoluteSource(this.text(name));
  }

  /** The sources of images that a flag names, each time that it is given, with absolute paths in them. */
  sources(name: string): string[] {
    return (this.#values[name] as string[]).map(absoluteSource);
  }

  /** The source of images that a flag names, with an absolute path in it, or undefined. */
  optionalSource(name: string): string | undefined {
    return this.optional(name) && this.source(name);
  }

  /**
   * The text of a flag that takes one of a few, or undefined.
   *
   * @throws {TypeError} If it is none of them.
   */
  choice<T extends string>(name: string, choices: readonly T[]): T | undefined {
    const text = this.optional(name);
    if (text === undefined || choices.includes(text as T)) return text as T | undefined;
    throw new TypeError(`Cannot read --${name} ${text}: ${adviseName(text, choices)}`);
  }

  /** Whether a switch is on. */
  has(name: string): boolean {
    return this.#values[name] === true;
  }

  /**
   * The whole number of a flag, or undefined.
   *
   * @throws {TypeError} If it is not a whole number from 1.
   */
  count(name: string): number | undefined {
    const text = this.optional(name);
    return text === undefined ? undefined : wholeNumber(name, text);
  }

  /**
   * The whole numbers of a flag, separated by commas, or undefined.
   *
   * @throws {TypeError} If one is not a whole number from 1.
   */
  counts(name: string): number[] | undefined {
    return this.#list(name)?.map((part) => wholeNumber(name, part));
  }

  /**
   * The whole number from 0 of a flag, an index or a seed, or undefined.
   *
   * @throws {TypeError} If it is not a whole number from 0.
   */
  index(name: string): number | undefined {
    const text = this.optional(name);
    return text === undefined ? undefined : wholeNumber(name, text, 0);
  }

  /**
   * The point of a required flag, two numbers from 0 with a comma between.
   *
   * @throws {TypeError} If it is none.
   */
  point(name: string): [x: number, y: number] {
    const text = this.text(name);
    const match = /^(\d+(?:\.\d+)?),(\d+(?:\.\d+)?)$/.exec(text);
    if (match !== null) return [Number(match[1]), Number(match[2])];
    throw new TypeError(`Cannot read --${name} ${text}: give two numbers, such as 120,80`);
  }

  /**
   * The number of a flag, or undefined.
   *
   * @throws {TypeError} If it is not a number.
   */
  number(name: string): number | undefined {
    const text = this.optional(name);
    return text === undefined ? undefined : anyNumber(name, text);
  }

  /**
   * The numbers of a flag, separated by commas, or undefined.
   *
   * @throws {TypeError} If one is not a number.
   */
  numbers(name: string): number[] | undefined {
    return this.#list(name)?.map((part) => anyNumber(name, part));
  }

  /**
   * The positive number of a flag, or undefined.
   *
   * @throws {TypeError} If it is not a number above 0.
   */
  positive(name: string): number | undefined {
    const text = this.optional(name);
    return text === undefined ? undefined : positiveNumber(name, text);
  }

  /**
   * The positive numbers of a flag, separated by commas, or undefined.
   *
   * @throws {TypeError} If one is not a number above 0.
   */
  positives(name: string): number[] | undefined {
    return this.#list(name)?.map((part) => positiveNumber(name, part));
  }

  /** The values of a flag that takes several, each as it was typed. */
  #list(name: string): string[] | undefined {
    return this.optional(name)?.replace(/^\[(.*)\]$/, "$1").split(",");
  }
}

function unexpected(word: string, key: string | undefined, names: FlagNames): string {
  const { required = [], optional = [], switches = [], settings, cousins = {} } = names;
  const known = [...required, ...optional, ...switches, "help"];
  if (key === undefined) {
    const ways = [
      ...known.includes("data") ? [`images as --data ${word}`] : [],
      ...settings ? ["settings as key=value, such as optim.epochs=20"] : [],
    ];
    const hint = ways.length === 0 ? "" : `: pass ${ways.join(", and ")}`;
    return `Unexpected argument "${word}"${hint}`;
  }
  if (settings && key.includes(".")) {
    return `Cannot read ${word}: settings come without dashes, such as ${word.replace(/^-+/, "")}`;
  }
  const meant = cousins[key] ?? known.find((flag) => flag.startsWith(key));
  const setting = settings && meant === undefined ? keyCalled(key.replaceAll("-", "_")) : undefined;
  if (setting !== undefined) {
    return `There is no flag --${key}: it is a setting, ${setting}=VALUE without dashes. See --help`;
  }
  const nearest = meant ?? nearestName(key, known);
  const hint = nearest === undefined ? "." : `: did you mean --${nearest}?`;
  return `There is no flag ${word.replace(/=.*/, "")}${hint} See --help`;
}

function anyNumber(name: string, text: string): number {
  const value = readYamlWord(text);
  if (isNumber(value)) return value;
  throw new TypeError(`Cannot read --${name} ${text}: give a number`);
}

function positiveNumber(name: string, text: string): number {
  const value = readYamlWord(text);
  if (isNumber(value) && value > 0) return value;
  throw new TypeError(`Cannot read --${name} ${text}: give a number above 0`);
}

function wholeNumber(name: string, text: string, least = 1): number {
  const value = readYamlWord(text);
  if (isNumber(value) && Number.isSafeInteger(value) && value >= least) return value;
  throw new TypeError(`Cannot read --${name} ${text}: give a whole number from ${least}`);
}

function isNumber(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value);
}
