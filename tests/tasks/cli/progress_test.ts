import { assertEquals } from "@std/assert";
import { bar, duration, Progress } from "../../../tasks/cli/progress.ts";
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

Deno.test("a bar shows its share, its speed and the time left, and is cleared at the end", () => {
  const { now } = performance;
  let text = "", time = 0;
  const stream = {
    writeSync: (bytes: Uint8Array) => {
      text += new TextDecoder().decode(bytes);
      return bytes.length;
    },
    columns: () => 100,
  };
  performance.now = () => time;
  try {
    using progress = new Progress("decode", undefined, new Terminal(stream));
    time = 4000;
    progress.show(10, 40);
    assertEquals(text, `\r\x1b[2Kdecode ${bar(0.25, 24)} 10/40  2.50 images/s  eta 12s`);
    text = "";
  } finally {
    performance.now = now;
  }
  assertEquals(text, "\r\x1b[2K");
});

Deno.test("a cell is filled when all of it is done", () => {
  assertEquals([0, 0.249, 0.25, 0.999, 1].map((share) => bar(share, 4)), [
    "░░░░",
    "░░░░",
    "█░░░",
    "███░",
    "████",
  ]);
});
