/** A point along a line of search. */
export interface LinePoint {
  /** How far along. */
  readonly step: number;
  /** The function there. */
  readonly value: number;
  /** Its derivative along the line. */
  readonly slope: number;
}

/** Share of the decrease that the first slope promises, which a step must keep. */
const DECREASE = 1e-4;
/** Share of the first slope that may remain. */
const CURVATURE = 0.9;
/** Values closer than this, relative to their size, cannot be told apart. */
const NOISE = 4 * Number.EPSILON;
/** How close to the ends of a bracket the next trial may lie, as a share of its length. */
const MARGIN = 0.1;

/**
 * Finds a step that satisfies the strong Wolfe conditions: the function fell enough, and its slope flattened. Where its
 * changes drown in rounding, the slope alone decides.
 *
 * Source: Nocedal and Wright, Numerical Optimization, algorithms 3.5 and 3.6; Hager and Zhang 2005 on rounding.
 *
 * @param evaluate The function along the line; values that are not finite count as too high.
 * @param start The point at step 0, whose slope is negative.
 * @param options The first step to try, and how many to try at most.
 * @returns The point found, else the lowest one tried that is lower than the start, else null.
 */
export function strongWolfe<Point extends LinePoint>(
  evaluate: (step: number) => Point,
  start: LinePoint,
  options: { readonly firstStep: number; readonly maxEvaluations: number },
): Point | null {
  const noise = NOISE * Math.abs(start.value);
  const isTooHigh = ({ step, value }: LinePoint, lowest: LinePoint) => {
    const promised = -DECREASE * step * start.slope;
    const ceiling = promised > noise ? start.value - promised : start.value + noise;
    return !(value <= ceiling && value <= lowest.value + noise);
  };
  let low: LinePoint | Point = start; // the lowest so far
  let high: LinePoint | undefined; // beyond a minimum, once there is such a point
  let step = options.firstStep;
  for (let tried = 0; tried < options.maxEvaluations; tried++) {
    const trial = evaluate(step);
    if (isTooHigh(trial, low)) {
      high = trial;
    } else {
      if (Math.abs(trial.slope) <= -CURVATURE * start.slope) return trial;
      const isBehind = trial.slope * ((high?.step ?? Infinity) - low.step) >= 0;
      if (isBehind) high = low;
      low = trial;
    }
    step = high === undefined ? 2 * step : between(low, high);
    if (step === low.step) break; // the bracket is as small as numbers allow
  }
  return low === start ? null : low as Point;
}

/** Where the cubic through both points and slopes is lowest, kept away from the ends. */
function between(low: LinePoint, high: LinePoint): number {
  const width = high.step - low.step;
  const mean = low.slope + high.slope - 3 * (high.value - low.value) / width;
  const root = Math.sign(width) * Math.sqrt(mean ** 2 - low.slope * high.slope);
  const share = 1 - (high.slope + root - mean) / (high.slope - low.slope + 2 * root);
  const isUsable = Number.isFinite(share) && Number.isFinite(high.value);
  return low.step + width * Math.min(1 - MARGIN, Math.max(MARGIN, isUsable ? share : 0.5));
}
