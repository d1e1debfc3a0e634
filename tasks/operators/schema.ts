/**
 * Operator schemas as libtorch's own headers state them: one `ATen/ops/NAME_ops.h` per operator, each
 * holding a struct with a fixed C++ signature and the schema as a string.
 *
 * @module
 */

/** One argument of an operator. */
export interface Argument {
  /** The schema type without alias annotation or list size: `Tensor`, `SymInt[]`, `float?` … */
  readonly type: string;
  readonly name: string;
  /** The default as the schema writes it, or `undefined` when the argument is required. */
  readonly default: string | undefined;
  /** The size of a fixed-size list such as `SymInt[2]`: a single default stands for that many. */
  readonly size: number | undefined;
  /** Whether the operator writes to the argument. */
  readonly mutated: boolean;
}

/** One overload of one operator. */
export interface Operator {
  /** Name and overload, as `native/ops.txt` spells them: `add.Tensor`. */
  readonly name: string;
  /** The struct in `at::_ops`. */
  readonly struct: string;
  readonly header: string;
  readonly schema: string;
  readonly args: readonly Argument[];
  /** The result type without alias annotations: `Tensor`, `(Tensor, Tensor)`, `Tensor[]`, `()`. */
  readonly result: string;
}

const STRUCT =
  /struct TORCH_API (\w+) \{[\s\S]*?overload_name = "(.*?)";\s*static constexpr const char\* schema_str = "(.*?)";/g;

/**
 * Reads the schemas of the named operators from a libtorch folder.
 *
 * @throws {Error} When a name has no schema there.
 */
export function readOperators(libtorch: string, names: readonly string[]): Operator[] {
  const folder = `${libtorch}/include/ATen/ops`;
  return names.map((name) => {
    const header = `${name.split(".")[0].replace(/_$/, "")}_ops.h`; // add.Tensor and add_.Tensor share one
    for (const [, struct, , schema] of read(`${folder}/${header}`, name).matchAll(STRUCT)) {
      if (schema.startsWith(`${name}(`)) {
        return parse(name, struct, header, schema.replaceAll('\\"', '"'));
      }
    }
    throw new Error(`Cannot find the operator "${name}" in ${folder}/${header}`);
  });
}

/** The operator names of an operator list: one a line, `#` starts a comment. */
export function readNames(list: string): string[] {
  return list.split("\n").map((line) => line.split("#")[0].trim()).filter((line) => line !== "");
}

function read(path: string, name: string): string {
  try {
    return Deno.readTextFileSync(path);
  } catch (cause) {
    throw new Error(`Cannot read the schema of "${name}": ${path} is not readable`, { cause });
  }
}

function parse(name: string, struct: string, header: string, schema: string): Operator {
  const end = schema.lastIndexOf(") ->");
  const args = splitTopLevel(schema.slice(name.length + 1, end)).filter((arg) => arg !== "*");
  return {
    name,
    struct,
    header,
    schema,
    args: args.map(parseArgument),
    result: withoutAliases(schema.slice(end + 4).trim()).replace(/(Tensor) \w+/g, "$1"),
  };
}

function parseArgument(text: string): Argument {
  const match = text.match(/^(\S+?)((?:\([a-z][^)]*\))?)((?:\[\d*\])?\??) (\w+)(?:=(.*))?$/);
  if (match === null) throw new Error(`Cannot parse the schema argument "${text}"`);
  const [, base, alias, suffix, name, value] = match;
  return {
    type: base + suffix.replace(/\d+/, ""),
    name,
    default: value,
    size: /\d/.test(suffix) ? Number(suffix.match(/\d+/)) : undefined,
    mutated: alias.includes("!"),
  };
}

function withoutAliases(type: string): string {
  return type.replace(/\([a-z]!?(?: -> \*)?\)/g, "");
}

function splitTopLevel(text: string): string[] {
  const parts: string[] = [];
  let depth = 0, start = 0;
  for (let i = 0; i < text.length; i++) {
    if ("([".includes(text[i])) depth++;
    if (")]".includes(text[i])) depth--;
    if (text[i] === "," && depth === 0) {
      parts.push(text.slice(start, i).trim());
      start = i + 1;
    }
  }
  parts.push(text.slice(start).trim());
  return parts.filter((part) => part !== "");
}
