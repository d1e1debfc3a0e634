/**
 * Parquet files as Hugging Face's data sets have them: a column of images, a struct of bytes and path, and one of classes.
 *
 * @module
 */
import type { SchemaElement } from "hyparquet";
import { relative } from "@std/path";
import { readEvery } from "./shards.ts";
import { lastUpTo } from "./last_up_to.ts";
import { LeftOutAccount } from "./left_out.ts";
import type { ListedImages, Listing } from "./listing.ts";
import { numberColumn } from "../../files/number_column.ts";
import { NameList } from "./name_list.ts";
import { ParquetFile, type UnpackedTogether } from "./parquet_file.ts";
import { scoreOf } from "./rows.ts";
import { KEPT_BYTES, type ParquetRow } from "./parquet_rows.ts";
import type { SampleTable } from "./sample_table.ts";
import { TextCollector, type TextColumn } from "./text_column.ts";
import type { ListingWatch } from "./walk.ts";

/** Options of {@linkcode readParquet}. */
interface ParquetOptions extends ListingWatch {
  /** The column of classes. Default: the one that the data set's description calls so, or `label`. */
  label?: string;
  /** The column of scores. Default: none. */
  score?: string;
}

const IMAGE_NAMES = ["image", "img", "jpg", "png", "webp", "picture", "bytes", "data"];
const LABEL_NAMES = ["label", "labels", "fine_label", "class", "cls", "target", "category"];
/** Row groups that are shuffled together, where they fit into memory; more of them where they have few rows. */
const GROUPS = 16, ROWS = 1024;

/** What one file gives. */
interface FileListing extends ListedImages {
  readonly groups: readonly number[];
  readonly groupBytes: number;
  /** The names of classes that its description lists. */
  readonly classes?: readonly string[];
}

/**
 * Lists the images of parquet files.
 *
 * @param root The folder that names are relative to.
 * @param files The files, in order.
 * @throws {Error} If some are missing, damaged or hold no images; the message names each.
 */
export async function readParquet(
  root: string,
  files: readonly string[],
  options: ParquetOptions = {},
): Promise<Listing> {
  const leftOut = new LeftOutAccount();
  const found = await readEvery(root, files, options, async (path) => {
    using file = await ParquetFile.open(path); // which is its own index
    return await readFile(file, path, { ...options, name: relative(root, path), leftOut });
  });
  const [classes, ...others] = found.map((file) => file.classes);
  const agree = classes !== undefined &&
    others.every((names) => names?.join("\0") === classes.join("\0"));
  let begin = 0;
  const groups = found.flatMap(({ names, groups }) => {
    const starts = groups.map((start) => begin + start);
    begin += names.length;
    return starts;
  });
  const groupBytes = found.reduce((most, file) => Math.max(most, file.groupBytes), 1);
  const wanted = Math.max(GROUPS, Math.ceil(ROWS * groups.length / Math.max(1, begin)));
  const together = Math.max(1, Math.min(wanted, Math.floor(KEPT_BYTES / groupBytes)));
  return {
    root,
    parts: found.map(({ classes, labels, ...images }) => {
      return {
        ...images,
        labels: agree || classes === undefined ? labels : named(labels, classes),
      };
    }),
    ...agree && { classes },
    leftOut,
    groups: { starts: groups, together },
  };
}

/** Classes by their names, where files number them differently. */
function named({ texts, numbers }: TextColumn, classes: readonly string[]): TextColumn {
  return { texts: texts.map((text) => text && classes[Number(text)]), numbers };
}

/** Images in rows of one file. */
class RowsOfFile implements SampleTable {
  readonly length: number;
  readonly #path: string;
  readonly #column: string;
  readonly #groups: readonly UnpackedTogether[];
  readonly #starts: readonly number[];

  constructor(path: string, column: string, groups: readonly UnpackedTogether[]) {
    this.length = groups.at(-1)?.end ?? 0;
    this.#path = path;
    this.#column = column;
    this.#groups = groups;
    this.#starts = groups.map(({ begin }) => begin);
  }

  at(row: number): ParquetRow | undefined {
    if (row >= this.length) return undefined;
    const { begin, end, pages } = this.#groups[lastUpTo(this.#starts, row)];
    return { path: this.#path, column: this.#column, group: [begin, end], pages, row };
  }
}

async function readFile(
  file: ParquetFile,
  path: string,
  { label, score, name, leftOut }: ParquetOptions & { name: string; leftOut: LeftOutAccount },
): Promise<FileListing> {
  const columns = columnsOf(file.metadata.schema);
  const features = featuresOf(file);
  const image = findImages(columns, features);
  const labelColumn = findLabels(columns, features, label);
  const groups = await file.groups(image);
  const samples = new RowsOfFile(path, image, groups), names = new NameList();
  for (let row = 0; row < samples.length; row++) names.push(`${name}/${row}`);
  if (samples.length === 0) leftOut.add("a file without rows", name);
  const labels = new TextCollector(), scores = new Float64Array(samples.length).fill(NaN);
  await forEachValue(file, labelColumn, (label) => labels.push(labelText(label, labelColumn)));
  while (labels.numbers.length < samples.length) labels.push(undefined);
  await forEachValue(file, score, (value, row) => scores[row] = scoreOf(value) ?? NaN);
  return {
    names,
    samples,
    labels: { texts: labels.texts, numbers: numberColumn(labels.numbers) },
    ...score !== undefined && { scores },
    groups: groups.map(({ begin }) => begin),
    groupBytes: groups.reduce((most, { bytes }) => Math.max(most, bytes), 1),
    classes: labelColumn === undefined ? undefined : features[labelColumn]?.names,
  };
}

/** Calls back with each value of a column, if one is named. */
async function forEachValue(
  file: ParquetFile,
  column: string | undefined,
  found: (value: unknown, row: number) => void,
): Promise<void> {
  if (column === undefined) return;
  let row = 0;
  for await (const values of file.valuesByGroup(column)) {
    for (const value of values) found(value, row++);
  }
}

function labelText(label: unknown, column = ""): string | undefined {
  if (label === null || label === undefined) return undefined;
  if (label instanceof Uint8Array) return decoder.decode(label).replace(/\0+$/, ""); // of one length
  if (["string", "number", "bigint", "boolean"].includes(typeof label)) return String(label);
  throw new Error(
    `a row of its column "${column}" is not one class but ${
      shown(label)
    }: name another column by --label, or none by --label none`,
  );
}

const decoder = new TextDecoder();

function shown(value: unknown): string {
  return JSON.stringify(value, (_, part) => typeof part === "bigint" ? Number(part) : part);
}

/** A column, and those inside it. */
interface Column {
  readonly element: SchemaElement;
  readonly children: readonly Column[];
}

function columnsOf(schema: readonly SchemaElement[]): readonly Column[] {
  let next = 0;
  const read = (): Column => {
    const element = schema[next++];
    if (element === undefined) throw new Error("its schema is damaged");
    return { element, children: Array.from({ length: element.num_children ?? 0 }, read) };
  };
  return read().children;
}

/** What Hugging Face's description says of each column. */
type Features = Readonly<Record<string, { _type?: string; names?: string[] } | undefined>>;

function featuresOf({ metadata }: ParquetFile): Features {
  const text = metadata.key_value_metadata?.find(({ key }) => key === "huggingface")?.value;
  try {
    return JSON.parse(text ?? "{}").info?.features ?? {};
  } catch {
    return {};
  }
}

/** Bytes of the longest hash; images are longer, and columns of shorter values of one length are none. */
const LONGEST_HASH = 64;

function findImages(columns: readonly Column[], features: Features): string {
  const isBytes = ({ element: { type, type_length = 0, converted_type } }: Column) =>
    type === "BYTE_ARRAY" && converted_type !== "UTF8" ||
    type === "FIXED_LEN_BYTE_ARRAY" && type_length > LONGEST_HASH;
  const isPath = ({ element }: Column) =>
    element.converted_type === "UTF8" && IMAGE_NAMES.includes(element.name);
  const holds = (column: Column) =>
    isPath(column) ||
    isBytes(column) ||
    column.children.some((child) => child.element.name === "bytes" && isBytes(child));
  const candidates = columns.filter(holds).map(({ element }) => element.name);
  const found = candidates.find((name) => features[name]?._type === "Image") ??
    IMAGE_NAMES.find((name) => candidates.includes(name)) ?? candidates[0];
  if (found !== undefined) return found;
  const held = columns.map((column) => `${column.element.name}: ${kindOf(column)}`).join(", ");
  throw new Error(`none of its columns (${held}) holds the bytes of one image in each row`);
}

/** What the rows of a column hold, for people. */
function kindOf({ element, children }: Column): string {
  if (children.length === 0) return element.converted_type === "UTF8" ? "text" : typeOf(element);
  if (children.some(({ element }) => element.repetition_type === "REPEATED")) return "lists";
  return `structs of ${children.map(({ element }) => element.name).join(" and ")}`;
}

function typeOf({ type, type_length }: SchemaElement): string {
  return type_length === undefined ? `${type}` : `${type_length} bytes`;
}

function findLabels(
  columns: readonly Column[],
  features: Features,
  asked?: string,
): string | undefined {
  const names = columns.map(({ element }) => element.name);
  if (asked === "none") return undefined;
  if (asked !== undefined) {
    if (names.includes(asked)) return asked;
    throw new Error(`it has no column "${asked}", but ${names.join(", ")}`);
  }
  return names.find((name) => features[name]?._type === "ClassLabel") ??
    LABEL_NAMES.find((name) => names.includes(name));
}
