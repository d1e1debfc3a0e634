/// <reference lib="deno.worker" />
/**
 * The pool's worker, which dies of files by their names: `dies_early` before it reads one, `dies_late` when all is made and
 * nothing told. Of files named `closes` it ends without a word to the pool; `dying_workers.ts` hears of it. Where the name says `once`, it does so every other time.
 *
 * @module
 */
import "../../src/data/decode_worker.ts";
import type { WorkerMessage, WorkerReply } from "../../src/data/decode_worker.ts";
import { CLOSES } from "./dying_workers.ts";

const handle = self.onmessage as unknown as (event: MessageEvent<WorkerMessage>) => void;
const post = self.postMessage.bind(self);
const waiting: MessageEvent<WorkerMessage>[] = [];

self.onmessage = (event) => {
  if (waiting.push(event) === 1) next();
};

self.postMessage = ((reply: WorkerReply, options?: StructuredSerializeOptions) => {
  dieOf("late");
  post(reply, options);
  waiting.shift();
  queueMicrotask(next); // after the reply is counted
}) as typeof self.postMessage;

function next(): void {
  if (waiting.length === 0) return;
  dieOf("early");
  if (isFatal("closes")) {
    post(CLOSES);
    return self.close();
  }
  const [event] = waiting;
  handle(event);
  if (!("plan" in event.data)) return; // it is answered
  waiting.shift();
  next();
}

function dieOf(when: "early" | "late"): void {
  if (isFatal(`dies_${when}`)) throw new Error("out of memory");
}

/** Whether the file in work is named so, and it is time. */
function isFatal(name: string): boolean {
  const { data } = waiting[0];
  if (!("sample" in data) || !data.sample.path.includes(name)) return false;
  return !data.sample.path.includes("once") || isOdd(data.sample.path);
}

/** Whether it is asked of a file for the first, third, … time: a mark beside it outlives the worker. */
function isOdd(path: string): boolean {
  const mark = `${path}.died`;
  try {
    Deno.removeSync(mark);
    return false;
  } catch {
    Deno.writeTextFileSync(mark, "");
    return true;
  }
}
