import { assertEquals } from "@std/assert";
import { knownOptions, positionOptions } from "../../../src/backbone/recognise/known_options.ts";

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

Deno.test("an export's note goes before the run's configuration, heads before those of an architecture", () => {
  const known = (state: Record<string, unknown>) => {
    const { numHeads, interpolateOffset, interpolateAntialias } = knownOptions(state);
    return [numHeads, interpolateOffset, interpolateAntialias];
  };
  const student = { arch: "vit_small", interpolate_offset: 0.1, interpolate_antialias: false };
  const backbone = { num_heads: 3, interpolate_offset: 0, interpolate_antialias: true };
  assertEquals(known({ config: { student } }), [6, 0.1, false]);
  assertEquals(known({ config: { student: { ...student, num_heads: 12 } } }), [12, 0.1, false]);
  assertEquals(known({ config: { student }, backbone }), [3, 0, true]);
  assertEquals(known({ backbone: { num_heads: 1 } })[0], 1);
  assertEquals(known({ config: "a", backbone: { num_heads: 0, interpolate_offset: "x" } }), [
    ...[undefined, undefined, undefined],
  ]);
  assertEquals(known({ config: { student: { arch: "vit_unheard_of" } } })[0], undefined);
});
