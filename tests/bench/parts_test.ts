import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { PARTS, runPart } from "./parts.ts";
import type { BenchResult } from "./result.ts";

const options = { device: "cpu", isTiny: true };

Deno.test("a part of the benchmark that takes too long is stopped, with all that it started", async () => {
  const began = performance.now();
  const end = await runPart({ name: "data", seconds: 0.05 }, options, { onResult: () => {} });
  assertEquals(end.failure, "stopped after 0.5 s");
  assert(performance.now() - began < 20_000);
});

Deno.test("a part that fails says why, and one that works gives its figures", async () => {
  const results: BenchResult[] = [];
  const onResult = (result: BenchResult) => results.push(result);
  const unknown = await runPart({ name: "nothing", seconds: 60 }, options, { onResult });
  assertStringIncludes(unknown.failure!, "nothing_bench.ts");
  const ceiling = await runPart({ name: "ceiling", seconds: 60 }, options, { onResult });
  assertEquals([ceiling.part, ceiling.failure], ["ceiling", undefined]);
  assertEquals(results.map(({ unit }) => unit), ["TFLOP/s", "GB/s"]);
});

Deno.test("every file of the benchmark is a part of it", () => {
  const files = Array.from(
    Deno.readDirSync(new URL(".", import.meta.url)),
    ({ name }) => name.match(/^(\w+)_bench\.ts$/)?.[1] ?? [],
  ).flat();
  assertEquals(PARTS.map(({ name }) => name).sort(), files.sort());
});
