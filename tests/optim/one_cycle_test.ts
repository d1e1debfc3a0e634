import { oneCycleMomentum } from "../../src/optim/one_cycle.ts";
import { assertClose } from "../helpers.ts";

Deno.test("momentum dips to 0.85 at 30 % and comes back to 0.95 at the end", () => {
  const momentum = oneCycleMomentum(100);
  assertClose([0, 14.5, 29, 64, 99].map(momentum), [0.95, 0.9, 0.85, 0.9, 0.95]);
});

Deno.test("a cycle of few iterations stays between its ends", () => {
  for (const total of [1, 2, 3, 4]) {
    for (let i = 0; i < total; i++) {
      const value = oneCycleMomentum(total)(i);
      if (!(value >= 0.85 && value <= 0.95)) throw new Error(`${value} at ${i} of ${total}`);
    }
  }
});
