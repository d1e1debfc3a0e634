import { assertEquals } from "@std/assert";
import { StallWatch } from "../../src/train/stall_watch.ts";

Deno.test("a run in which nothing moves says what it does and since when, ever less often until it moves", () => {
  const { setInterval, clearInterval } = globalThis, { now } = Date, { unrefTimer } = Deno;
  const began = now();
  let time = began, look = () => {}, period = 0;
  const seconds = (date: Date) => Math.round((date.getTime() - began) / 1000);
  Date.now = () => time;
  globalThis.setInterval = ((callback: () => void, milliseconds: number) => {
    [look, period] = [callback, milliseconds];
    return 1;
  }) as unknown as typeof setInterval;
  globalThis.clearInterval = () => {};
  Deno.unrefTimer = () => {};
  const told: string[] = [], doings: [string | undefined, number][] = [];
  try {
    using watch = new StallWatch({
      lease: {
        tell: (doing?: string, since = new Date()) => void doings.push([doing, seconds(since)]),
      },
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
    watch.moved(9, () => "computing");
    pass(120);
  } finally {
    Object.assign(globalThis, { setInterval, clearInterval });
    Date.now = now;
    Deno.unrefTimer = unrefTimer;
  }
  assertEquals(period, 5000);
  const waiting = "iteration 8, waiting for a\\nb.jpg";
  const waits = doings.slice(1, -2), others = [doings[0], ...doings.slice(-2)];
  assertEquals(others.map(([doing]) => doing), [7, 9, 9].map((i) => `iteration ${i}, computing`));
  assertEquals(waits.map(([doing]) => doing), Array(4).fill(waiting));
  assertEquals(waits.slice(1).map(([, since]) => since), [115, 115, 115]);
  assertEquals(
    told,
    [
      ...[120, 240, 480].map((seconds) => `No progress for ${seconds} s: ${waiting} `),
      "No progress for 120 s: iteration 9, computing ", // as soon as for the first time
    ],
  );
});
