import { assertEquals, assertThrows } from "@std/assert";
import { resolveConfig } from "../../src/config/resolve.ts";
import { readRunState } from "../../src/train/run_state.ts";

const config = resolveConfig();
const saved = { position: 12, metrics: { loss: [1, null] }, evaluations: [{ k: 3 }], config };

Deno.test("what a checkpoint says is taken as it is, values that JSON cannot carry as NaN", () => {
  const state = readRunState({ ...saved, run_id: "a", metrics_sha256: "b" });
  assertEquals([state.position, state.run_id, state.metrics_sha256], [12, "a", "b"]);
  assertEquals([state.metrics, state.skipped], [{ loss: [1, NaN] }, []]);
  assertEquals([state.evaluations as unknown, state.config], [[{ k: 3 }], config]);
  const skipped = [{ path: "a.png", reason: "torn" }];
  assertEquals(readRunState({ ...saved, skipped }).skipped, skipped);
});

Deno.test("formats up to the present one are read, later ones and what is none are refused", () => {
  for (const format_version of [undefined, 0, 1]) readRunState({ ...saved, format_version });
  for (const format_version of [2, "1"]) {
    const later = { ...saved, format_version, deino: "9.9.9" };
    assertThrows(
      () => readRunState(later),
      Error,
      `written by Deino 9.9.9 in format ${format_version}, and this version reads formats up to 1`,
    );
  }
});

Deno.test("what is damaged is named", () => {
  const wrong: [name: string, value: unknown][] = [
    ["position", -1],
    ["position", 1.5],
    ["position", "3"],
    ["metrics", [1]],
    ["metrics", { loss: ["1"] }],
    ["metrics", { loss: 1 }],
    ["evaluations", {}],
    ["evaluations", [null]],
    ["skipped", [{ path: "a" }]],
    ["skipped", [{ path: 1, reason: "b" }]],
    ["skipped", { path: "a", reason: "b" }],
    ["config", undefined],
    ["config", []],
  ];
  for (const [name, value] of wrong) {
    assertThrows(
      () => readRunState({ ...saved, [name]: value }),
      Error,
      `its ${name} cannot be read`,
    );
  }
  readRunState({ ...saved, position: 0 });
});
