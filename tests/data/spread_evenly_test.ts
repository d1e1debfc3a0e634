import { assertEquals } from "@std/assert";
import { spreadEvenly } from "../../src/data/spread_evenly.ts";

Deno.test("indices are spread from the first to near the end, not the first ones", () => {
  assertEquals(spreadEvenly(10, 5), [0, 2, 4, 6, 8]);
  assertEquals(spreadEvenly(7, 3), [0, 2, 4]);
  assertEquals(spreadEvenly(10_000, 5000).at(-1), 9998);
});

Deno.test("where there are fewer than wanted, all are taken, and of none none", () => {
  assertEquals(spreadEvenly(3, 5), [0, 1, 2]);
  assertEquals(spreadEvenly(3, 3), [0, 1, 2]);
  assertEquals(spreadEvenly(0, 5), []);
});
