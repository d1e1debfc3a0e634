import { assertEquals, assertStringIncludes } from "@std/assert";
import { join, relative, toFileUrl } from "@std/path";
import { inTempFolder } from "../temp_folder.ts";
import { PARTS, runPart } from "./parts.ts";
import type { BenchResult } from "./result.ts";

const options = { device: "cpu", isTiny: true };

Deno.test("a part of the benchmark that takes too long, or is stopped, ends with all that it started", () =>
  inTempFolder(async (folder) => {
    const endless = `export async function* bench() {
      new Deno.Command("sleep", { args: ["3600"], stdout: "inherit", stderr: "inherit" }).spawn();
      yield { name: "begun", value: 1, unit: "ms" };
      await new Promise((resolve) => setTimeout(resolve, 3_600_000));
    }`;
    await Deno.writeTextFile(join(folder, "endless_bench.ts"), endless);
    const from = new URL(".", import.meta.url).pathname;
    const name = relative(from, toFileUrl(join(folder, "endless")).pathname); // as imports spell it
    const late = await runPart({ name, seconds: 0.05 }, options, { onResult: () => {} });
    assertEquals(late.failure, "stopped after 0.5 s");
    const stop = new AbortController();
    const stopping = { onResult: () => stop.abort(), signal: stop.signal };
    assertEquals((await runPart({ name, seconds: 600 }, options, stopping)).part, name);
  }));

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
