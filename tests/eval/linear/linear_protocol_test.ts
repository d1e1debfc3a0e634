import { assertEquals } from "@std/assert";
import {
  classifierNames,
  learningRates,
  linearInputs,
  scaleRates,
} from "../../../src/eval/linear/linear_protocol.ts";

Deno.test("the reference's grid has 52 classifiers with its names", () => {
  const names = classifierNames(linearInputs(12), scaleRates(learningRates, 1024));
  assertEquals(names.length, 52);
  assertEquals(names[0], "classifier_1_blocks_avgpool_False_lr_0_00004");
  assertEquals(names[14], "classifier_1_blocks_avgpool_True_lr_0_00008");
  assertEquals(names[51], "classifier_4_blocks_avgpool_True_lr_0_40000");
});

Deno.test("rates that five decimals cannot tell apart get more", () => {
  const names = classifierNames([{ blocks: 1, avgpool: true }], scaleRates(learningRates, 128));
  assertEquals(new Set(names).size, 13);
  assertEquals(names[0], "classifier_1_blocks_avgpool_True_lr_0_000005");
  assertEquals(names[1], "classifier_1_blocks_avgpool_True_lr_0_000010");
  assertEquals(names[12], "classifier_1_blocks_avgpool_True_lr_0_05000");
});

Deno.test("a backbone of fewer than four blocks has the inputs of its last one", () => {
  assertEquals(linearInputs(3).map(({ blocks }) => blocks), [1, 1]);
  assertEquals(linearInputs(4).map(({ blocks }) => blocks), [1, 1, 4, 4]);
  assertEquals(linearInputs(1).map(({ avgpool }) => avgpool), [false, true]);
});
