import { withLinearWarmup } from "../../src/optim/linear_warmup.ts";
import { assertClose } from "../helpers.ts";

Deno.test("the schedule goes on underneath its warm-up", () => {
  const rate = withLinearWarmup((iteration) => 10 - iteration, { iterations: 4, ratio: 0.2 });
  assertClose([0, 1, 2, 3, 4, 5].map(rate), [2, 9 * 0.4, 8 * 0.6, 7 * 0.8, 6, 5]);
});

Deno.test("a warm-up of no iterations changes nothing", () => {
  const rate = withLinearWarmup((iteration) => 3 - iteration, { iterations: 0, ratio: 0.5 });
  assertClose([0, 1].map(rate), [3, 2]);
});
