/** Numbers in arrays as deep as a tensor has dimensions. */
export type NestedNumbers = number | NestedNumbers[];

const EDGE = 3;
const LONG = 2 * EDGE + 1;

/** Flat row-major values as nested arrays of a shape. */
export function nest(values: readonly number[], shape: readonly number[]): NestedNumbers {
  let position = 0;
  const build = (dim: number): NestedNumbers =>
    dim === shape.length
      ? values[position++]
      : Array.from({ length: shape[dim] }, () => build(dim + 1));
  return build(0);
}

/** A readable excerpt of a tensor: a heading, then the first and last three values of each dimension. */
export function format(
  values: NestedNumbers,
  about: { dtype: string; shape: readonly number[]; device: string },
): string {
  const heading = `Tensor ${about.dtype} [${about.shape.join(", ")}] on ${about.device}`;
  return `${heading}\n${formatValues(values, 0)}`;
}

function formatValues(values: NestedNumbers, depth: number): string {
  if (typeof values === "number") return formatNumber(values);
  const shown = values.length > LONG
    ? [...values.slice(0, EDGE), undefined, ...values.slice(-EDGE)]
    : values;
  const parts = shown.map((value) => value === undefined ? "…" : formatValues(value, depth + 1));
  const flat = values.every((value) => typeof value === "number");
  return flat ? `[${parts.join(", ")}]` : `[${parts.join(`,\n${" ".repeat(depth + 1)}`)}]`;
}

function formatNumber(value: number): string {
  return Number.isInteger(value) || !Number.isFinite(value) ? String(value) : value.toPrecision(4);
}
