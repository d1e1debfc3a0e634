import { assertEquals } from "@std/assert";
import { type LinePoint, strongWolfe } from "../../src/optim/line_search.ts";

/** Searches along a line whose values and slopes are given, and lists the steps that were tried. */
function search(
  line: (step: number) => readonly [value: number, slope: number],
  { firstStep = 1, maxEvaluations = 50 } = {},
): { found: number | undefined; tried: number[] } {
  const tried: number[] = [];
  const point = (step: number): LinePoint => {
    const [value, slope] = line(step);
    return { step, value, slope };
  };
  const evaluate = (step: number) => {
    tried.push(step);
    return point(step);
  };
  const found = strongWolfe(evaluate, point(0), { firstStep, maxEvaluations });
  return { found: found?.step, tried };
}

/** A parabola that is lowest at 1. */
const parabola = (step: number) => [(step - 1) ** 2, 2 * (step - 1)] as const;

Deno.test("a step is taken once a tenth of the slope is gone, and doubled until then", () => {
  assertEquals(search(parabola, { firstStep: 0.11 }), { found: 0.11, tried: [0.11] });
  assertEquals(search(parabola, { firstStep: 0.1 }).tried, [0.1], "exactly a tenth");
  assertEquals(search(parabola, { firstStep: 0.09 }), { found: 0.18, tried: [0.09, 0.18] });
  assertEquals(search(parabola, { firstStep: 0.02 }).tried, [0.02, 0.04, 0.08, 0.16]);
});

Deno.test("a step must keep a ten-thousandth of the decrease that the slope promises", () => {
  const fallen = (value: number) =>
    search((step) => step === 0 ? [0, -1] : [value, 0]).tried.length;
  assertEquals([fallen(-1.01e-4), fallen(-0.99e-4) > 1], [1, true]);
});

Deno.test("changes of a few roundings count as none, and the slope alone decides", () => {
  const risen = (by: number) =>
    search((step) => step === 0 ? [1, -1e-13] : [1 + by * Number.EPSILON, 0]).tried.length;
  assertEquals([risen(0), risen(4), risen(5) > 1], [1, 1, true]);
});

Deno.test("beyond a minimum the cubic through both ends is followed, of a parabola to its bottom", () => {
  assertEquals(search(parabola, { firstStep: 3 }), { found: 1, tried: [3, 1] });
});

Deno.test("a bracket is cut at most a tenth of it from an end, and halved where a value is not finite", () => {
  const next = (value: number, slope: number) =>
    search((step) => step === 1 ? [value, slope] : [1 - step, step === 0 ? -1 : 0]).tried[1];
  assertEquals([next(1e9, 1e9), next(Infinity, NaN), next(NaN, 1)], [0.1, 0.5, 0.5]);
  const fromBehind = search((step) => step < 1 ? [-step, -1] : [-1 + 1e9 * (step - 1), 1e9], {
    firstStep: 2,
  });
  assertEquals(fromBehind.tried.slice(0, 2).map((step) => step / 2), [1, 0.1]);
});

Deno.test("where no try is good enough the lowest is taken, and none that is not below the start", () => {
  assertEquals(search(parabola, { firstStep: 0.01, maxEvaluations: 2 }).found, 0.02);
  assertEquals(search((step) => [step, -1], { maxEvaluations: 3 }).found, undefined);
});
