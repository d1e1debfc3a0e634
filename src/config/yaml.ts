import { parse } from "@std/yaml";
import { quoted } from "../files/quoted.ts";

/** The most that a configuration file may be: real ones have a hundred values in a few kilobytes. */
const MOST = { bytes: 2 ** 20, values: 10_000, depth: 20 };

/** The line at fault, which the parser shows below its sentence with an arrow below that. */
const PICTURE = /:\n\s*(.*)\n[^]*$/;

/**
 * Reads a file of YAML, or of JSON, which is YAML.
 *
 * @param path The file.
 * @returns Its sections of keys; none if it is empty.
 * @throws {Error} If it cannot be read or parsed, or is larger or deeper than any configuration.
 * @throws {TypeError} If it holds no keys.
 */
export async function readYaml(path: string): Promise<Record<string, unknown>> {
  const refuse = (reason: string, cause?: unknown) =>
    new Error(`Cannot read the configuration ${path}: ${reason}`, { cause });
  let tree: unknown;
  try {
    const { isFile, size } = await Deno.stat(path); // before it is opened: a pipe would wait for ever
    if (!isFile) throw new Error("it is not a regular file");
    if (size > MOST.bytes) throw new Error(`it has ${size} bytes, too many for a configuration`);
    tree = parse(await Deno.readTextFile(path)) ?? {};
    requireBounded(tree);
  } catch (cause) {
    if (cause instanceof Deno.errors.NotFound) throw refuse("there is no such file", cause);
    const isTooDeep = cause instanceof RangeError; // of the parser's stack
    const reason = (cause as Error).message.replace(PICTURE, (_, line) => `, in ${quoted(line)}`);
    throw refuse(isTooDeep ? "it is nested too deeply" : reason, cause);
  }
  if (typeof tree === "object" && !Array.isArray(tree)) return tree as Record<string, unknown>;
  throw new TypeError(
    `Cannot read the configuration ${path}: it must hold sections of keys, such as "optim: {epochs: 20}"`,
  );
}

/**
 * Reads a word of a command line as a file of YAML would hold it: `1e-3`, `1_000`, `True`, `[.4, 1]`. Several values with
 * commas between are a list without its brackets.
 *
 * @returns The value, or the word itself where it is no YAML.
 */
export function readYamlWord(word: string): unknown {
  try {
    const value = parse(word.includes(",") && !word.startsWith("[") ? `[${word}]` : word);
    requireBounded(value);
    return value;
  } catch {
    return word;
  }
}

/** @throws {Error} If a tree has more values or levels than a configuration, counting what aliases repeat. */
function requireBounded(tree: unknown): void {
  let values = 0;
  const visit = (value: unknown, depth: number): void => {
    if (++values > MOST.values) throw new Error(`it holds more than ${MOST.values} values`);
    if (depth > MOST.depth) throw new Error(`it is nested more than ${MOST.depth} levels deep`);
    if (typeof value !== "object" || value === null) return;
    for (const each of Object.values(value)) visit(each, depth + 1);
  };
  visit(tree, 0);
}
