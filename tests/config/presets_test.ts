import { assertEquals } from "@std/assert";
import { presets } from "../../src/config/presets.ts";
import { flattenSettings, resolveConfig } from "../../src/config/resolve.ts";
import recorded from "./presets.json" with { type: "json" };

// The numbers that runs were measured with: whoever changes one on purpose changes it there too.
const { defaults, ...differing } = recorded as Record<string, Record<string, unknown>>;

Deno.test("every key has the default that was recorded", () => {
  assertEquals(Object.fromEntries(flattenSettings(resolveConfig())), defaults);
});

Deno.test("every preset that was recorded is there, from the smallest to the largest", () => {
  assertEquals(Object.keys(presets), Object.keys(differing));
});

for (const [name, { settings }] of Object.entries(presets)) {
  Deno.test(`the preset ${name} differs from the defaults as it was recorded`, () => {
    const set = flattenSettings(resolveConfig(settings))
      .filter(([path, value]) => JSON.stringify(value) !== JSON.stringify(defaults[path]));
    assertEquals(Object.fromEntries(set), differing[name]);
  });
}
