/** The element types Deino computes with, under PyTorch's names. */
export type DType =
  | "float32"
  | "float64"
  | "float16"
  | "bfloat16"
  | "int64"
  | "int32"
  | "uint8"
  | "bool";

/** What carries a tensor's values in and out of JavaScript. */
export type TypedArray =
  | Float32Array
  | Float64Array
  | Float16Array
  | BigInt64Array
  | Int32Array
  | Uint8Array;

// c10::ScalarType's numbering.
const CODES: Record<DType, number> = {
  uint8: 0,
  int32: 3,
  int64: 4,
  float16: 5,
  float32: 6,
  float64: 7,
  bool: 11,
  bfloat16: 15,
};
const NAMES = new Map(Object.entries(CODES).map(([name, code]) => [code, name as DType]));

/** The number by which native code knows a type; -1 stands for "not given". */
export function dtypeCode(dtype: DType | undefined): number {
  if (dtype === undefined) return -1;
  const code = CODES[dtype];
  if (code === undefined) {
    throw new TypeError(
      `Cannot use the data type "${dtype}": choose one of ${Object.keys(CODES).join(", ")}`,
    );
  }
  return code;
}

/** The type with a native number. */
export function dtypeName(code: number): DType {
  const name = NAMES.get(code);
  if (name === undefined) throw new TypeError(`Cannot use the native data type ${code}`);
  return name;
}

/** Whether a type can hold fractions, and so take part in differentiation. */
export function isFloating(dtype: DType): boolean {
  return dtype.includes("float");
}

/** The number of elements of a tensor, the product of its shape: 1 where it has no dimension. */
export function numel(shape: readonly number[]): number {
  return shape.reduce((product, length) => product * length, 1);
}

/** The bytes one element takes. */
export function bytesPerElement(dtype: DType): number {
  return { float64: 8, int64: 8, float32: 4, int32: 4, float16: 2, bfloat16: 2, uint8: 1, bool: 1 }[
    dtype
  ];
}

/** The type whose layout a typed array has. */
export function dtypeOf(array: TypedArray): Exclude<DType, "bfloat16"> {
  if (array instanceof Float32Array) return "float32";
  if (array instanceof Float64Array) return "float64";
  if (array instanceof Float16Array) return "float16";
  if (array instanceof BigInt64Array) return "int64";
  if (array instanceof Int32Array) return "int32";
  return "uint8";
}

/** An empty array of the layout of a type; bfloat16, which JavaScript lacks, has none. */
export function arrayFor(dtype: Exclude<DType, "bfloat16">, length: number): TypedArray {
  switch (dtype) {
    case "float32":
      return new Float32Array(length);
    case "float64":
      return new Float64Array(length);
    case "float16":
      return new Float16Array(length);
    case "int64":
      return new BigInt64Array(length);
    case "int32":
      return new Int32Array(length);
    case "uint8":
    case "bool":
      return new Uint8Array(length);
  }
}
