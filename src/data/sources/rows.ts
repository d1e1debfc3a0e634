/**
 * The rows of a list of images, however it is written.
 *
 * @module
 */
import { parse } from "@std/csv";
import type { LeftOutAccount } from "./left_out.ts";
import { readJsonArray } from "./json_array.ts";
import type { ListText } from "./list_text.ts";
import { endingOf, imageEndings } from "./names.ts";

/** One row of a list. */
export interface Row {
  /** The image's path. */
  readonly path: string;
  /** Its class. */
  readonly label?: string;
  /** Its score. */
  readonly score?: number;
}

/** What reading rows needs to know. */
interface RowOptions {
  /** The list, for messages. */
  readonly path: string;
  /** Takes rows that give no image. */
  readonly leftOut: LeftOutAccount;
  /** The column or key of the class. */
  readonly label?: string;
  /** The column or key of the score. */
  readonly score?: string;
}

const PATH_NAMES = [
  "path",
  "file_name",
  "filename",
  "file",
  "filepath",
  "file_path",
  "image",
  "image_path",
  "img",
  "img_path",
  "image_name",
  "img_name",
  "image_id",
];
const LABEL_NAMES = [
  "label",
  "class",
  "class_name",
  "category",
  "target",
  "cls",
  "class_id",
  "label_name",
];

/**
 * Reads the rows of a list, one after another: all at once, a million would take much memory.
 *
 * @param text What the list holds.
 * @param ending The ending of its name, which tells how it is written.
 * @throws {Error} If it is damaged, or tells no paths.
 */
export function readRows(text: ListText, ending: string, options: RowOptions): Iterable<Row> {
  switch (ending) {
    case ".txt":
      return readLines(text, options);
    case ".csv":
    case ".tsv":
      return readTable(text, ending, options);
    case ".json":
      return readObjects(readJson(text, options.path), options);
    default:
      return readObjects(readJsonLines(text, options.path), options);
  }
}

function* readLines(text: ListText, { leftOut }: RowOptions): Generator<Row> {
  const images = [...imageEndings(1)].map((ending) => ending.slice(1)).join("|");
  const labelled = new RegExp(`^(.+?\\.(?:${images}))([\\t,;]| +)(.*)$`, "i");
  for (const line of linesOf(text)) {
    if (line.trim() === "") continue;
    const [, path = line, separator, rest] = (isImage(line) ? null : labelled.exec(line)) ?? [];
    const isTable = separator === "\t" && rest.includes("\t");
    if (isTable) leftOut.add("by the first two of its fields", path, "changed");
    yield { path, label: isTable ? rest.slice(0, rest.indexOf("\t")) : rest };
  }
}

function* linesOf(text: ListText): Generator<string> {
  for (const part of text.parts()) {
    for (let begin = 0; begin < part.length;) {
      const found = part.indexOf("\n", begin);
      const end = found < 0 ? part.length : found;
      yield part.slice(begin, part[end - 1] === "\r" && end > begin ? end - 1 : end);
      begin = end + 1;
    }
  }
}

/** What Excel understands as the separator, in a line of its own. */
const SEPARATOR = /^sep=(.)\r?\n/i;

function* readTable(text: ListText, ending: string, options: RowOptions): Generator<Row> {
  const { leftOut } = options;
  let columns: Columns | undefined, width = 0;
  for (const { record, separator } of readRecords(text, ending, options)) {
    if (columns === undefined) {
      const header = findColumns(record, options);
      columns = header ?? columnsOfBareRows(record, options);
      width = record.length;
      if (header !== undefined) continue;
    }
    const cell = (column?: number) => column === undefined ? undefined : record[column];
    const name = width === 1 ? record.join(separator) : cell(columns.path) ?? "";
    if (record.length > width) {
      const how = width === 1
        ? `with "${separator}" as part of the path, since the list has one column: quote such paths`
        : `by the first ${width} of its ${record.length} fields`;
      leftOut.add(how, record.join(separator), "changed");
    }
    if (name.trim() === "") {
      leftOut.add("a row without a path", record.join(","));
      continue;
    }
    yield { path: name, label: cell(columns.label), score: scoreOf(cell(columns.score)) };
  }
}

function* readRecords(
  text: ListText,
  ending: string,
  { path }: RowOptions,
): Generator<{ record: string[]; separator: string }> {
  let separator: string | undefined, mark = "";
  for (let block of blocksOf(text)) {
    if (separator === undefined) {
      [mark = "", separator] = SEPARATOR.exec(block) ?? [];
      block = block.slice(mark.length);
    }
    const known = separator ??= separatorOf(block, ending);
    const read = (block: string) => parse(block, { separator: known, fieldsPerRecord: -1 });
    let records: string[][];
    try {
      records = read(block);
    } catch (error) {
      const whole = () => read(text.whole().slice(mark.length)); // tells the line in the whole list
      const { message } = errorOf(whole) ?? error as Error;
      throw new Error(`Cannot read the list ${path}: ${message}`, { cause: error });
    }
    for (const record of records) yield { record, separator };
  }
}

function errorOf(body: () => unknown): Error | undefined {
  try {
    body();
  } catch (error) {
    return error as Error;
  }
}

/** A table in parts that end with a record: a line behind which no quotes are open. */
function* blocksOf(text: ListText): Generator<string> {
  let block = "", areOpen = false;
  for (const part of text.parts()) {
    block += part;
    areOpen = areOpen !== (part.split('"').length % 2 === 0);
    if (areOpen) continue;
    yield block;
    block = "";
  }
  if (block !== "") yield block;
}

/** The separator that the first line holds most of. */
function separatorOf(text: string, ending: string): string {
  const first = text.slice(0, text.search(/\r?\n|$/)).replace(/"(?:[^"]|"")*"/g, "");
  const count = (separator: string) => first.split(separator).length;
  const candidates = ending === ".tsv" ? ["\t"] : [",", "\t", ";"];
  return candidates.reduce((best, one) => count(one) > count(best) ? one : best);
}

interface Columns {
  readonly path: number;
  readonly label?: number;
  readonly score?: number;
}

/** The columns by the names in the first row, or undefined where it names none. */
function findColumns(
  names: readonly string[],
  { path, label, score }: RowOptions,
): Columns | undefined {
  const lower = names.map((name) => name.trim().toLowerCase());
  const find = (known: readonly string[]) => {
    const name = known.find((name) => lower.includes(name));
    return name === undefined ? undefined : lower.indexOf(name);
  };
  const findAsked = (name: string | undefined) => {
    if (name === undefined || name === "none") return undefined;
    const found = find([name.toLowerCase()]);
    if (found !== undefined) return found;
    throw new Error(
      `Cannot find the column "${name}" in the list ${path}: it has ${names.join(", ")}`,
    );
  };
  const found = find(PATH_NAMES);
  if (found === undefined) return undefined;
  return { path: found, label: findAsked(label) ?? find(LABEL_NAMES), score: findAsked(score) };
}

function columnsOfBareRows(cells: readonly string[], { path }: RowOptions): Columns {
  const found = cells.findIndex(isImage);
  if (found < 0) {
    throw new Error(
      `Cannot find the paths in the list ${path}: none of its columns (${
        cells.join(", ")
      }) is called path, and none ` +
        "of the first row's cells ends as an image does",
    );
  }
  return { path: found, label: cells.length === 2 ? 1 - found : undefined };
}

function* readObjects(objects: Iterable<unknown>, options: RowOptions): Generator<Row> {
  const { path, leftOut, label: asked, score } = options;
  for (const object of objects) {
    if (typeof object === "string") {
      yield { path: object };
      continue;
    }
    const entries = typeof object === "object" && object !== null ? Object.entries(object) : [];
    const find = (names: readonly string[]) =>
      names.map((name) => entries.find(([key]) => key.toLowerCase() === name.toLowerCase())?.[1])
        .find((value) => value !== undefined && value !== null);
    const name = find(PATH_NAMES);
    const label = find(asked === undefined ? LABEL_NAMES : [asked]);
    if (typeof name !== "string" || name === "") {
      leftOut.add("a row without a path", JSON.stringify(object));
      continue;
    }
    yield {
      path: name,
      label: label === undefined ? undefined : labelText(label, path),
      score: score === undefined ? undefined : scoreOf(find([score])),
    };
  }
}

function labelText(label: unknown, path: string): string {
  if (["string", "number", "boolean"].includes(typeof label)) return String(label);
  throw new Error(
    `Cannot read the list ${path}: a label is ${JSON.stringify(label)}, not text or a number`,
  );
}

function* readJson(text: ListText, path: string): Generator<unknown> {
  if (text.isArray()) {
    try {
      return yield* readJsonArray(text.chunks());
    } catch (error) {
      parseJson(text.whole(), path, "it"); // tells where it is wrong
      throw error;
    }
  }
  const tree = parseJson(text.whole(), path, "it");
  const entries = typeof tree === "object" && tree !== null ? Object.entries(tree) : [];
  if (entries.every(([, label]) => typeof label !== "object")) {
    for (const [path, label] of entries) yield { path, label };
    return;
  }
  throw new Error(
    `Cannot read the list ${path}: give an array of paths or of {"path": …, "label": …}, or one object of path: label`,
  );
}

function* readJsonLines(text: ListText, path: string): Generator<unknown> {
  let number = 0;
  for (const line of linesOf(text)) {
    number++;
    if (line.trim() !== "") yield parseJson(line, path, `line ${number}`);
  }
}

function parseJson(text: string, path: string, what: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Error(
      `Cannot read the list ${path}: ${what} is not JSON (${(cause as Error).message})`,
      { cause },
    );
  }
}

/** A score as it is written, or undefined where there is none. */
export function scoreOf(value: unknown): number | undefined {
  const score = value === null || value === undefined || value === "" ? NaN : Number(value);
  return Number.isFinite(score) ? score : undefined;
}

function isImage(name: string): boolean {
  return imageEndings(1).has(endingOf(name.trim()));
}
