import { assertEquals, assertThrows } from "@std/assert";
import {
  checkDevice,
  cudaDevices,
  deviceCode,
  deviceName,
  setThreads,
} from "../../src/tensor/device.ts";

Deno.test("A device survives the way through its native number", () => {
  for (const device of ["cpu", "cuda", "cuda:3"] as const) {
    assertEquals(deviceName(deviceCode(device)), device);
  }
});

Deno.test("A device that does not exist is refused with a way out", () => {
  assertThrows(() => checkDevice("gpu"), TypeError, 'choose "cpu", "cuda" or "cuda:N"');
  assertThrows(() => checkDevice(`cuda:${cudaDevices()}`), Error, "deno task doctor");
});

Deno.test("A thread count below one is refused", () => {
  assertThrows(() => setThreads(0), RangeError, "at least 1");
});
