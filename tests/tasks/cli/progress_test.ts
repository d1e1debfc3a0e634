import { assertEquals } from "@std/assert";
import { duration, Progress } from "../../../tasks/cli/progress.ts";
import { Terminal } from "../../../tasks/cli/terminal.ts";

Deno.test("durations name their two largest units", () => {
  assertEquals([0, 59.6, 3725, 90000].map(duration), ["0s", "1m", "1h 2m", "1d 1h"]);
});

Deno.test("what was done before tells nothing about the speed", () => {
  let text = "";
  const writeSync = (bytes: Uint8Array) => {
    text += new TextDecoder().decode(bytes);
    return bytes.length;
  };
  const progress = new Progress(
    ...["features", "images", new Terminal({ writeSync, columns: () => 100 })] as const,
  );
  progress.resume(100);
  progress.show(100, 200);
  assertEquals(text, `\r\x1b[2Kfeatures ${"█".repeat(12)}${"░".repeat(12)} 100/200`);
});
