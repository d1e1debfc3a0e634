import { noGradScope } from "../autograd/mode.ts";
import { stack } from "../tensor/create.ts";
import { scope } from "../tensor/scope.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { type LinePoint, strongWolfe } from "./line_search.ts";

/** A function to minimise: its value, a tensor without dimensions, and its gradient, at a point of any shape. */
export type Objective = (x: Tensor) => { readonly value: Tensor; readonly gradient: Tensor };

/** Options of {@linkcode lbfgs}. */
export interface LbfgsOptions {
  /** Most steps. Default: 1000. */
  maxIterations?: number;
  /** Stop when ten steps together lower the value by less than this share of it. Default: 1e-12. */
  tolerance?: number;
  /** Steps that are remembered. Default: 10. */
  historySize?: number;
  /** Most evaluations in a step. Default: 50. */
  maxEvaluations?: number;
}

/** Where {@linkcode lbfgs} ended. */
export interface LbfgsResult {
  /** The lowest point. */
  readonly x: Tensor;
  /** The value there. */
  readonly value: number;
  /** Steps taken. */
  readonly iterations: number;
  /** Whether it converged; false when the steps ran out. */
  readonly converged: boolean;
}

/** Steps whose decrease decides whether to go on: a single one may be short for other reasons than nearness. */
const PATIENCE = 10;

/** A step, and how the gradient changed over it. */
interface Pair {
  readonly s: Tensor;
  readonly y: Tensor;
  /** `1 / s·y` */
  readonly rho: number;
}

interface Position {
  readonly x: Tensor;
  readonly value: number;
  readonly gradient: Tensor;
}

/** A point of the line search with its tensors. */
type Trial = Position & LinePoint;

/**
 * Minimises a smooth function by L-BFGS with a line search of the strong Wolfe conditions. The device is waited for twice
 * a step, and once for each further evaluation.
 *
 * Source: Nocedal and Wright, Numerical Optimization, algorithm 7.5.
 *
 * @param objective The function.
 * @param start Where to begin; is left as it is.
 * @param options When to stop.
 * @throws {RangeError} If the function or its gradient is not finite at the start.
 */
export function lbfgs(
  objective: Objective,
  start: Tensor,
  options: LbfgsOptions = {},
): LbfgsResult {
  const { maxIterations = 1000, tolerance = 1e-12, historySize = 10, maxEvaluations = 50 } =
    options;
  return noGradScope(() => {
    const history: Pair[] = [];
    let position = begin(objective, start);
    const values = [position.value];
    let iterations = 0, converged = false;
    while (iterations < maxIterations && !converged) {
      const next = scope(() => advance(objective, position, history, maxEvaluations));
      if (next === null) {
        converged = history.length === 0; // not even straight downhill does the value fall
        forget(history, 0);
        continue;
      }
      iterations++;
      values.push(next.value);
      const before = values.at(-1 - PATIENCE) ?? Infinity;
      converged = before - next.value <= tolerance * Math.abs(next.value);
      if (next.pair !== null) history.push(next.pair);
      forget(history, historySize);
      if (position.x !== start) position.x.dispose();
      position.gradient.dispose();
      position = next;
    }
    return { x: position.x.clone(), value: position.value, iterations, converged };
  });
}

function begin(objective: Objective, x: Tensor): Position {
  const { value, gradient } = objective(x);
  const position = { x, value: value.item(), gradient };
  if (Number.isFinite(position.value) && Number.isFinite(gradient.sum().item())) return position;
  throw new RangeError(
    `Cannot minimise a function that is ${position.value} at the start or has no finite gradient there`,
  );
}

/** Takes one step, or finds none that lowers the value. */
function advance(
  objective: Objective,
  { x, value, gradient }: Position,
  history: readonly Pair[],
  maxEvaluations: number,
): Position & { readonly pair: Pair | null } | null {
  const direction = downhill(gradient, history);
  const [slope, length] = numbers(dot(gradient, direction), direction.abs().sum());
  if (!(slope < 0)) return null;
  const evaluate = (step: number): Trial => {
    const at = x.add(direction.mul(step));
    const { value, gradient } = objective(at);
    const [trialValue, trialSlope] = numbers(value, dot(gradient, direction));
    return { step, value: trialValue, slope: trialSlope, x: at, gradient };
  };
  const found = strongWolfe(evaluate, { step: 0, value, slope }, {
    firstStep: history.length === 0 ? Math.min(1, 1 / length) : 1,
    maxEvaluations,
  });
  if (found === null) return null;
  const curvature = found.step * (found.slope - slope); // s·y
  const pair = curvature > 0
    ? { s: direction.mul(found.step), y: found.gradient.sub(gradient), rho: 1 / curvature }
    : null;
  return { x: found.x, value: found.value, gradient: found.gradient, pair };
}

/** Minus the gradient times an estimate of the inverse Hessian, by the two-loop recursion. */
function downhill(gradient: Tensor, history: readonly Pair[]): Tensor {
  const direction = gradient.neg();
  const newestFirst = history.toReversed();
  const alphas = newestFirst.map(({ s, y, rho }) => {
    const alpha = dot(s, direction).mul(rho);
    direction.sub_(y.mul(alpha));
    return alpha;
  });
  if (newestFirst.length > 0) {
    const { y, rho } = newestFirst[0];
    direction.div_(dot(y, y).mul(rho));
  }
  history.forEach(({ s, y, rho }, i) => {
    const alpha = alphas[history.length - 1 - i];
    direction.add_(s.mul(alpha.sub(dot(y, direction).mul(rho))));
  });
  return direction;
}

/** Frees the oldest pairs until so many are left. */
function forget(history: Pair[], left: number): void {
  for (const { s, y } of history.splice(0, Math.max(0, history.length - left))) {
    s.dispose();
    y.dispose();
  }
}

function dot(a: Tensor, b: Tensor): Tensor {
  return a.mul(b).sum();
}

/** Reads tensors without dimensions in one go. */
function numbers(...tensors: Tensor[]): Float64Array {
  return stack(tensors).toArray() as Float64Array;
}
