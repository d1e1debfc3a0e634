/**
 * What the tests share: tests that notice leaked tensors, comparison, gradient checks.
 *
 * @module
 */
import "./native.ts";
import { assert } from "@std/assert";
import { liveTensors, scope } from "../src/tensor/scope.ts";
import { traceTensors } from "../src/tensor/trace.ts";
import { Tensor } from "../src/tensor/tensor.ts";
import { numel } from "../src/tensor/dtype.ts";
import { tensor } from "../src/tensor/create.ts";
import { noGrad } from "../src/autograd/mode.ts";

/** A test in a scope of its own that fails when native tensors outlive it, and names the calls that made them. */
export function testTensor(name: string, body: () => void): void {
  Deno.test(name, () => {
    const before = liveTensors();
    scope(body);
    const leaked = liveTensors() - before;
    if (leaked === 0) return;
    throw new Error(`${leaked} native tensors outlived the test:\n${originsOf(body)}`);
  });
}

/** Where the tensors are made that a test leaves behind when it is run once more. */
function originsOf(body: () => void): string {
  using trace = traceTensors();
  scope(body);
  return trace.live().map(({ count, example, stack }) => `${count} such as ${example}\n${stack}`)
    .join("\n");
}

/** How far apart two values may be: `|a - b| <= atol + rtol * |b|`. */
interface Tolerance {
  /** Default: 1e-6. */
  atol?: number;
  /** Default: 1e-5. */
  rtol?: number;
}

/** Values to compare: a tensor, a number, or nested arrays of numbers. */
type Values = Tensor | number | readonly Values[];

/** Asserts that two sets of values have the same count and are close; names the worst pair if not. */
export function assertClose(actual: Values, expected: Values, options: Tolerance = {}): void {
  const { atol = 1e-6, rtol = 1e-5 } = options;
  const a = flat(actual), b = flat(expected);
  assert(a.length === b.length, `${a.length} values were found, ${b.length} expected`);
  let worst = -1, excess = 0;
  for (let i = 0; i < a.length; i++) {
    const over = Math.abs(a[i] - b[i]) - atol - rtol * Math.abs(b[i]);
    if (over > excess || (Number.isNaN(over) && !Object.is(a[i], b[i]))) {
      [worst, excess] = [i, over];
    }
  }
  assert(
    worst < 0,
    `value ${worst} is ${a[worst]}, expected ${b[worst]} (atol ${atol}, rtol ${rtol})`,
  );
}

/**
 * Asserts that the gradients of `f` (a scalar of float64 tensors) agree with central differences in every
 * element of every input.
 */
export function gradCheck(f: (...inputs: Tensor[]) => Tensor, inputs: Tensor[]): void {
  const leaves = inputs.map((input) => input.detach().clone());
  for (const leaf of leaves) leaf.requiresGrad = true;
  f(...leaves).backward();
  const step = 1e-6;
  leaves.forEach((leaf, index) => {
    const analytic = flat(leaf.grad!);
    const values = flat(leaf);
    const numeric = values.map((value, i) => {
      const at = (x: number) =>
        scope(() => {
          const moved = tensor(values.with(i, x), { shape: leaf.shape, dtype: "float64" });
          return noGrad(() => f(...leaves.with(index, moved)).item());
        });
      return (at(value + step) - at(value - step)) / (2 * step);
    });
    assertClose(analytic, numeric, { atol: 1e-6, rtol: 1e-5 });
  });
}

/** A tensor whose element k (row-major) is `f(k)`, in float64 unless told otherwise. */
export function filled(
  shape: readonly number[],
  f: (k: number) => number,
  options: { dtype?: "float32" | "float64" } = {},
): Tensor {
  return tensor(Array.from({ length: numel(shape) }, (_, k) => f(k)), {
    shape,
    dtype: options.dtype ?? "float64",
  });
}

function flat(values: Values): number[] {
  if (typeof values === "number") return [values];
  if (values instanceof Tensor) {
    return Array.from(values.toArray() as ArrayLike<number | bigint>, Number);
  }
  return values.flatMap(flat);
}
