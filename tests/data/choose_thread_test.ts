import { assertEquals } from "@std/assert";
import { chooseThread } from "../../src/data/choose_thread.ts";

const thread = (tasks: number, ...groups: string[]) => ({
  tasks: Array(tasks).fill(0),
  groups: new Set(groups),
});

Deno.test("an image read alone goes to the thread with the least to do, the first of several", () => {
  const threads = [thread(3), thread(2), thread(2)];
  assertEquals(chooseThread(threads), threads[1]);
});

Deno.test("an image of a group goes to a thread that has unpacked it, unless that falls behind", () => {
  const threads = [thread(4), thread(16, "a"), thread(10, "a", "b"), thread(17, "c")];
  assertEquals(chooseThread(threads, "a"), threads[2]);
  assertEquals(chooseThread(threads, "d"), threads[0]);
  assertEquals(chooseThread(threads, "c"), threads[0], "twice as much to do, and nine more");
  assertEquals(chooseThread([thread(4), thread(16, "c")], "c").tasks.length, 16);
});
