import { assert } from "@std/assert";
import { peakMemory } from "../../src/train/device_memory.ts";

Deno.test("a run's peak of memory is the most that its process ever held", () => {
  const told = () => {
    const status = Deno.readTextFileSync("/proc/self/status");
    return 1024 * Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)![1]);
  };
  const before = told(), peak = peakMemory("cpu"), after = told();
  assert(before <= peak && peak <= after, `${before}, ${peak}, ${after}`);
});
