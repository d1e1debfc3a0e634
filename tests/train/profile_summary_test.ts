import { assertEquals, assertThrows } from "@std/assert";
import { summarizeTrace } from "../../src/train/profile_summary.ts";

/** An event of a trace: its category and name, where it begins and how long it takes, in milliseconds. */
function event(cat: string, name: string, from: number, length: number, tid = 1) {
  return { ph: "X", cat, name, tid, ts: 1000 * from, dur: 1000 * length };
}

Deno.test("a trace is summed up: parts, operators without those within, gaps, what the device did", () => {
  const traceEvents = [
    event("Trace", "PyTorch Profiler (0)", 0, 100),
    ...[10, 60].flatMap((at) => [
      event("user_annotation", "step", at, 30),
      event("user_annotation", "student", at, 20),
      event("user_annotation", "student.blocks.0", at + 1, 5),
      event("cpu_op", "aten::linear", at + 1, 4),
      event("cpu_op", "aten::addmm", at + 2, 3),
      event("user_annotation", "backward", at + 20, 10),
      event("cpu_op", "aten::mm", at + 22, 6, 2), // on a thread of the device's
      event("kernel", "gemm", at + 5, 10),
      event("gpu_memcpy", "Memcpy", at + 12, 5),
    ]),
    { ph: "i", name: "mark", ts: 0 },
  ];
  const summary = summarizeTrace(JSON.stringify({ traceEvents }));
  assertEquals(summary, {
    steps: 2,
    perStep: 45,
    parts: [
      { name: "student", calls: 1, time: 20 },
      { name: "backward", calls: 1, time: 10 },
      { name: "between steps, waiting for crops", calls: 1, time: 15 },
    ],
    operators: [
      { name: "aten::mm", calls: 1, time: 6 },
      { name: "aten::addmm", calls: 1, time: 3 },
      { name: "aten::linear", calls: 1, time: 1 },
    ],
    outside: 41,
    kernels: [
      { name: "gemm", calls: 1, time: 10 },
      { name: "Memcpy", calls: 1, time: 5 },
    ],
    busy: 12,
  });
});

Deno.test("a trace without steps is refused", () => {
  assertThrows(() => summarizeTrace('{"traceEvents": []}'), Error, "without steps");
});
