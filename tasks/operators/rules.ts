/**
 * How each schema type crosses the boundary: its C parameters, the C++ expression that rebuilds the
 * argument, the foreign types, the TypeScript type and the TypeScript expressions passed.
 *
 * @module
 */
import { toCamelCase } from "@std/text";
import type { Argument } from "./schema.ts";

/** The marshalling of one argument. `list` numbers the list arguments of a call, for scratch space. */
interface Rule {
  readonly parameters: (name: string) => string[];
  readonly call: (name: string) => string;
  readonly foreign: readonly string[];
  readonly type: string;
  readonly pass: (name: string, list: number) => string[];
  readonly usesList?: true;
}

/** An argument the host does not see: the operator always gets `call`. */
function fixed(call: string): Rule {
  return { parameters: () => [], call: () => call, foreign: [], type: "", pass: () => [] };
}

function value(
  c: string,
  foreign: string,
  type: string,
  call: (n: string) => string,
  pass = (n: string) => n,
): Rule {
  return {
    parameters: (n) => [`${c} ${n}`],
    call,
    foreign: [foreign],
    type,
    pass: (n) => [pass(n)],
  };
}

function optional(c: string, foreign: string, pass: (n: string) => string): Rule {
  return {
    parameters: (n) => [`${c} ${n}`, `bool has_${n}`],
    call: (n) => `optional_value<${c}>(${n}, has_${n})`,
    foreign: [foreign, "bool"],
    type: "number | null",
    pass: (n) => [pass(n), `${n} !== null`],
  };
}

function list(element: string, type: string, call: string, pack: string): Rule {
  return {
    parameters: (n) => [`const ${element}* ${n}`, `i32 count_${n}`],
    call: (n) => `${call}(${n}, count_${n})`,
    foreign: ["buffer", "i32"],
    type,
    pass: (n, i) => [`${pack}(${i}, ${n})`, `${n}.length`],
    usesList: true,
  };
}

function optionalInts(call: string): Rule {
  return {
    ...list("i64", "readonly number[] | null", call, "ints"),
    pass: (n, i) => [`ints(${i}, ${n} ?? [])`, `${n}?.length ?? -1`],
  };
}

const same = (n: string) => n;
const HANDLES = "readonly Handle[] | BigUint64Array";

const RULES: Record<string, Rule> = {
  "Tensor": value("u64", "u64", "Handle", (n) => `tensor(${n})`),
  "Tensor?": value("u64", "u64", "Handle", (n) => `optional_tensor(${n})`),
  "Tensor[]": list("u64", HANDLES, "tensor_list", "handles"),
  "Tensor?[]": list("u64", HANDLES, "optional_tensor_list", "handles"),
  "Generator?": value("u64", "u64", "Handle", (n) => `optional_generator(${n})`),
  "bool": value("bool", "bool", "boolean", same),
  "bool?": value(
    "i32",
    "i32",
    "boolean | null",
    (n) => `optional_bool(${n})`,
    (n) => `${n} === null ? -1 : Number(${n})`,
  ),
  "int": value("i64", "i64", "number", same, (n) => `BigInt(${n})`),
  "SymInt": value("i64", "i64", "number", (n) => `c10::SymInt(${n})`, (n) => `BigInt(${n})`),
  "float": value("f64", "f64", "number", same),
  "ScalarType?": value("i32", "i32", "number", (n) => `optional_dtype(${n})`),
  "Device?": value("i32", "i32", "number", (n) => `optional_device(${n})`),
  "int?": optional("i64", "i64", (n) => `BigInt(${n} ?? 0)`),
  "SymInt?": optional("c10::SymInt", "i64", (n) => `BigInt(${n} ?? 0)`),
  "float?": optional("f64", "f64", (n) => `${n} ?? 0`),
  "int[]": list("i64", "readonly number[]", "int_list", "ints"),
  "SymInt[]": list("i64", "readonly number[]", "symint_list", "ints"),
  "int[]?": optionalInts("optional_int_list"),
  "SymInt[]?": optionalInts("optional_symint_list"),
  "Scalar": {
    parameters: (n) => [`f64 ${n}`, `bool integral_${n}`],
    call: (n) => `scalar(${n}, integral_${n})`,
    foreign: ["f64", "bool"],
    type: "number",
    pass: (n) => [n, `Number.isSafeInteger(${n})`],
  },
  "Scalar?": {
    parameters: (n) => [`f64 ${n}`, `i32 kind_${n}`],
    call: (n) => `optional_scalar(${n}, kind_${n})`,
    foreign: ["f64", "i32"],
    type: "number | null",
    pass: (n) => [`${n} ?? 0`, `${n} === null ? -1 : Number(Number.isSafeInteger(${n}))`],
  },
  "Scalar[]": {
    parameters: (n) => [`const f64* ${n}`, `i32 count_${n}`],
    call: (n) => `scalar_list(${n}, count_${n})`,
    foreign: ["buffer", "i32"],
    type: "readonly number[]",
    pass: (n, i) => [`floats(${i}, ${n})`, `${n}.length`],
    usesList: true,
  },
  "str": {
    parameters: (n) => [`const char* ${n}`, `i32 length_${n}`],
    call: (n) => `text(${n}, length_${n})`,
    foreign: ["buffer", "i32"],
    type: "string",
    pass: (n) => [`text(${n})`, `text(${n}).length`],
  },
  "Layout?": fixed("std::nullopt"),
  "MemoryFormat?": fixed("std::nullopt"),
  "MemoryFormat": fixed("at::MemoryFormat::Contiguous"),
};

/**
 * The rule for an argument.
 *
 * @throws {Error} When no rule covers its type.
 */
export function ruleFor(argument: Argument): Rule {
  if (argument.name === "pin_memory") return fixed("std::nullopt");
  const rule = RULES[argument.type];
  if (rule === undefined) {
    throw new Error(`No marshalling rule covers the type "${argument.type}" of "${argument.name}"`);
  }
  if (argument.type === "SymInt?") {
    return { ...rule, parameters: (n) => [`i64 ${n}`, `bool has_${n}`] };
  }
  return rule;
}

/** The argument's name in TypeScript. */
export function hostName(argument: Argument): string {
  return toCamelCase(argument.name);
}

/** The argument's default as a TypeScript expression, or `undefined` when it is required. */
export function hostDefault(argument: Argument): string | undefined {
  const text = argument.default;
  if (text === undefined) return undefined;
  if (text === "True" || text === "False") return text.toLowerCase();
  if (text === "None") return ABSENT[argument.type] ?? "null";
  if (argument.type === "ScalarType?") return DTYPES[text] ?? "-1";
  if (argument.type.endsWith("[]") && argument.size !== undefined && /^-?\d+$/.test(text)) {
    return `[${Array(argument.size).fill(text).join(", ")}]`;
  }
  return text;
}

const ABSENT: Record<string, string> = {
  "Tensor?": "NONE",
  "Generator?": "NONE",
  "ScalarType?": "-1",
  "Device?": "-1",
};
const DTYPES: Record<string, string> = { long: "4", float: "6" };
