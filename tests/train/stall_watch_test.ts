import { assertEquals } from "@std/assert";
import { StallWatch } from "../../src/train/stall_watch.ts";

Deno.test("a run in which nothing moves says what it does and since when, ever less often", () => {
  const { setInterval, clearInterval } = globalThis, { now } = Date, { unrefTimer } = Deno;
  let time = now(), look = () => {};
  Date.now = () => time;
  globalThis.setInterval =
    ((callback: () => void) => (look = callback, 1)) as unknown as typeof setInterval;
  globalThis.clearInterval = () => {};
  Deno.unrefTimer = () => {};
  const told: string[] = [], doings: (string | undefined)[] = [];
  try {
    using watch = new StallWatch({
      lease: { tell: (doing?: string) => void doings.push(doing) },
      onEvent: (event) => event.kind === "note" && told.push(event.text.replace(/since .*/, "")),
    });
    const pass = (seconds: number) => {
      for (let i = 0; i < seconds; i += 5) {
        time += 5000;
        look();
      }
    };
    watch.moved(7, () => "computing");
    pass(115);
    watch.moved(8, () => "waiting for a\nb.jpg");
    pass(500);
  } finally {
    Object.assign(globalThis, { setInterval, clearInterval });
    Date.now = now;
    Deno.unrefTimer = unrefTimer;
  }
  assertEquals(doings, ["iteration 7, computing", "iteration 8, waiting for a\\nb.jpg"]);
  assertEquals(
    told,
    [120, 240, 480].map((seconds) =>
      `No progress for ${seconds} s: iteration 8, waiting for a\\nb.jpg `
    ),
  );
});
