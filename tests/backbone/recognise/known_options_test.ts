import { assertEquals } from "@std/assert";
import { positionOptions } from "../../../src/backbone/recognise/known_options.ts";

Deno.test("each library resizes positions by its own rule, with registers and without", () => {
  const rules = (["reference", "hf", "timm"] as const).map((rule) =>
    [false, true].map((hasRegisters) => Object.values(positionOptions(rule, hasRegisters)))
  );
  assertEquals(rules, [
    [[0.1, false], [0, true]],
    [[0, false], [0, true]],
    [[0, true], [0, true]],
  ]);
});
