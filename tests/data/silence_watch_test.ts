import { assertEquals } from "@std/assert";
import { SilenceWatch, type WatchedThread } from "../../src/data/silence_watch.ts";

type Thread = WatchedThread & { name: string };

const thread = (name: string, ...numbers: number[]): Thread => ({
  ...{ name, isReady: true, silence: 0 },
  tasks: numbers.map((number) => ({ number })),
});

/** Watches threads with a patience of a second; `look` lets a tenth of it pass. */
function watched(threads: Thread[]) {
  const { setInterval } = globalThis;
  let look = () => {};
  let between: number | undefined;
  const dead: string[] = [];
  try {
    globalThis.setInterval = ((call: () => void, milliseconds: number) => {
      [look, between] = [call, milliseconds];
      return setInterval(() => {}, 1e9);
    }) as typeof setInterval;
    const watch = new SilenceWatch(threads, ({ name }) => dead.push(name), 1000);
    return { watch, dead, between, look: (times: number) => Array(times).fill(0).forEach(look) };
  } finally {
    globalThis.setInterval = setInterval;
  }
}

Deno.test("a thread is taken for dead that was silent for its time and one look more, and those with nothing to do never", () => {
  const threads = [thread("busy", 3), thread("idle"), { ...thread("begins", 1), isReady: false }];
  const { watch, dead, between, look } = watched(threads);
  using _ = watch;
  assertEquals(between, 100);
  look(10);
  assertEquals(dead, []);
  look(1);
  assertEquals(dead, ["busy"]);
});

Deno.test("a thread that says something, or is replaced, has its time again", () => {
  const threads = [thread("a", 1)];
  const { watch, dead, look } = watched(threads);
  using _ = watch;
  look(10);
  threads[0].silence = 0;
  look(10);
  assertEquals(dead, []);
  threads[0] = thread("b", 1);
  look(10);
  assertEquals(dead, []);
  look(1);
  assertEquals(dead, ["b"]);
});

Deno.test("of silent threads the one with the earliest image is dead, and the others have their time again", () => {
  const threads = [thread("a", 7, 2), thread("b", 4, 9), thread("c", 5)];
  const { watch, dead, look } = watched(threads);
  using _ = watch;
  look(5);
  threads[2].silence = 0; // it has just said something
  look(6);
  assertEquals(dead, ["b"]);
  threads[1] = thread("b2");
  look(10);
  assertEquals(dead, ["b"]);
  look(1);
  assertEquals(dead, ["b", "c"]);
});
