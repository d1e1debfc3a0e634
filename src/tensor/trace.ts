/** A tensor, as far as a trace looks at it. */
interface Traced {
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly disposed: boolean;
}

/** Live tensors made at one place in the code. */
export interface TensorOrigin {
  /** How many. */
  readonly count: number;
  /** The first of them: `float32 [2, 3]`. */
  readonly example: string;
  /** The calls that led to it, the innermost first. */
  readonly stack: string;
}

/** A record of where tensors are made; see {@linkcode traceTensors}. */
export interface TensorTrace extends Disposable {
  /** Live tensors made since the record began, by the place where they were made; most first. */
  live(): TensorOrigin[];
}

/** Calls to remember of each tensor. */
const DEPTH = 30;

let origins: Map<Traced, string> | undefined;

/** Notes where a new tensor is made, while that is recorded. */
export function noteOrigin(tensor: Traced): void {
  if (origins === undefined) return;
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = DEPTH;
  origins.set(tensor, new Error().stack ?? "");
  Error.stackTraceLimit = limit;
}

/** Notes that a tensor was disposed of. */
export function forgetOrigin(tensor: Traced): void {
  origins?.delete(tensor);
}

/**
 * Records which calls make tensors, to find those that are never disposed of, as Python's `tracemalloc` does for memory. A
 * tensor takes ten times as long to make meanwhile.
 *
 * @example Two tensors that outlive their scope
 * ```ts
 * import { keep, ones, scope, traceTensors } from "@deino/deino/tensor";
 *
 * using trace = traceTensors();
 * const kept = scope(() => [1, 2].map((size) => keep(ones([size]).add(1))));
 * for (const { count, example, stack } of trace.live()) console.log(count, example, stack);
 * kept.forEach((tensor) => tensor.dispose());
 * ```
 *
 * @returns The record, which ends when it is disposed of.
 * @throws {Error} If one is being made already.
 */
export function traceTensors(): TensorTrace {
  if (origins !== undefined) {
    throw new Error("Cannot start a trace of tensors: one is already running");
  }
  origins = new Map();
  return {
    live: () => liveOrigins(origins ?? new Map()),
    [Symbol.dispose]: () => origins = undefined,
  };
}

function liveOrigins(made: ReadonlyMap<Traced, string>): TensorOrigin[] {
  const byStack = Map.groupBy(made.keys(), (tensor) => made.get(tensor)!);
  return Array.from(byStack, ([stack, tensors]) => ({
    count: tensors.length,
    example: `${tensors[0].dtype} [${tensors[0].shape.join(", ")}]`,
    stack: callsOf(stack),
  })).sort((a, b) => b.count - a.count);
}

/** The calls of a stack without those that make up tensors themselves. */
function callsOf(stack: string): string {
  const calls = stack.split("\n").slice(1);
  const first = calls.findIndex((call) => !/\/src\/(tensor|ffi)\//.test(call));
  return calls.slice(Math.max(0, first)).join("\n");
}
