import { parseArgs } from "@std/cli/parse-args";
import { closestString } from "@std/text";

/** What a command line of `deno task train` asks for. */
export interface TrainArguments {
  /** `--data`: a folder of images. */
  readonly data?: string;
  /** `--preset`: a recipe. */
  readonly preset?: string;
  /** `--config`: a file of settings. */
  readonly config?: string;
  /** `--output-dir`: the run folder. */
  readonly outputDir?: string;
  /** `--device`: where to train. */
  readonly device?: string;
  /** `--seed`: the seed of everything random. */
  readonly seed?: string;
  /** `--resume`: go on with the run in the run folder. */
  readonly resume: boolean;
  /** `--dry-run`: show what would be done. */
  readonly dryRun: boolean;
  /** `--help`: show how to call the task. */
  readonly help: boolean;
  /** Settings such as `optim.epochs=20`. */
  readonly overrides: readonly string[];
}

const TEXT_FLAGS = ["data", "preset", "config", "output-dir", "device", "seed"] as const;
const SWITCHES = ["resume", "dry-run", "help"] as const;

/** Flags of the reference implementation and its relatives under the names they have here. */
const COUSINS: Readonly<Record<string, string>> = {
  "config-file": "config",
  "train-dataset": "data",
  "out": "output-dir",
};

/**
 * Reads a command line.
 *
 * @param args The words after the task's name.
 * @throws {TypeError} If a flag does not exist, lacks its value or comes twice.
 */
export function parseTrainArguments(args: readonly string[]): TrainArguments {
  const parsed = parseArgs([...args], {
    string: TEXT_FLAGS,
    boolean: SWITCHES,
    alias: { help: "h" },
    unknown: (word: string, key?: string) => {
      if (key !== undefined) throw new TypeError(unknownFlag(word, key));
      return true;
    },
  });
  const words: string[] = parsed._.map(String);
  for (const flag of TEXT_FLAGS) {
    const value: unknown = parsed[flag];
    if (value === "") throw new TypeError(`Cannot read --${flag}: it needs a value`);
    const count = args.filter((word) => word === `--${flag}` || word.startsWith(`--${flag}=`));
    if (count.length > 1) {
      throw new TypeError(`Cannot read --${flag}: it comes ${count.length} times`);
    }
  }
  return {
    data: parsed.data,
    preset: parsed.preset,
    config: parsed.config,
    outputDir: parsed["output-dir"],
    device: parsed.device,
    seed: parsed.seed,
    resume: parsed.resume,
    dryRun: parsed["dry-run"],
    help: parsed.help,
    overrides: words,
  };
}

function unknownFlag(word: string, key: string): string {
  if (key.includes(".")) {
    return `Cannot read ${word}: settings come without dashes, such as ${word.replace(/^-+/, "")}`;
  }
  const flags: string[] = [...TEXT_FLAGS, ...SWITCHES];
  const nearest = COUSINS[key] ?? closestString(key, flags);
  return `Cannot read ${word}: there is no such flag; did you mean --${nearest}? See --help`;
}
