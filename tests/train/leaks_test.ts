import "../native.ts";
import { assertEquals } from "@std/assert";
import { liveTensors, scope } from "../../src/tensor/scope.ts";
import { trainStep } from "../../src/train/step.ts";
import { noiseBatch, tinyLearner } from "./tiny_learner.ts";

Deno.test("the number of native tensors is the same after every one of a hundred steps", () => {
  const before = liveTensors();
  {
    using learner = tinyLearner("cpu");
    const counts = Array.from({ length: 100 }, (_, iteration) => {
      scope(() => {
        trainStep(learner, noiseBatch(iteration, "cpu"), iteration);
      });
      return liveTensors();
    });
    // The first steps make the optimiser's moments and the gradients.
    assertEquals(counts.slice(1), counts.slice(1).fill(counts[99]));
  }
  assertEquals(liveTensors(), before, "a disposed learner left tensors behind");
});
