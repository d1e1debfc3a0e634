import "../native.ts";
import { assertEquals, assertThrows } from "@std/assert";
import {
  chooseDevice,
  cudaDevices,
  deviceCapacity,
  deviceCode,
  deviceMemory,
  deviceName,
  getNumThreads,
  onDevice,
  resetPeakMemory,
  setNumThreads,
  synchronize,
  useDeterministicAlgorithms,
} from "../../src/tensor/device.ts";
import { empty, tensor, zeros } from "../../src/tensor/create.ts";
import { rand, randint, randn } from "../../src/tensor/random.ts";
import { testTensor } from "../helpers.ts";

Deno.test("a device survives the way through its native number", () => {
  for (const device of ["cpu", "cuda", "cuda:3", "meta"] as const) {
    assertEquals(deviceName(deviceCode(device)), device);
  }
});

Deno.test("a device that does not exist is refused with a way out", () => {
  assertThrows(() => chooseDevice("gpu"), TypeError, 'choose "cpu", "cuda" or "cuda:N"');
  assertThrows(() => chooseDevice("meta"), TypeError, "it has no values");
  assertThrows(() => chooseDevice(`cuda:${cudaDevices()}`), Error, "deno task doctor");
});

Deno.test("only a card that is there tells its memory", () => {
  assertThrows(() => deviceCapacity("cpu"), Error, "a CUDA device");
  for (const ask of [deviceCapacity, deviceMemory, resetPeakMemory, synchronize]) {
    assertThrows(() => ask(`cuda:${cudaDevices()}`), Error);
  }
});

Deno.test("operators use as many threads as are asked for, and at least one", () => {
  const before = getNumThreads();
  try {
    for (const count of [3, 1]) {
      setNumThreads(count);
      assertEquals(getNumThreads(), count);
    }
  } finally {
    setNumThreads(before);
  }
  assertThrows(() => setNumThreads(0), RangeError, "at least 1");
});

testTensor(
  "deterministic algorithms leave no value to chance, as long as they are asked for",
  () => {
    // So large that its memory comes from the system, which gives zeros, and not from what was freed.
    const isFilled = () => empty([10 * 2 ** 20]).isfinite().any().item() === 0;
    useDeterministicAlgorithms(true);
    try {
      assertEquals(isFilled(), true); // with NaN, as PyTorch does
    } finally {
      useDeterministicAlgorithms(false);
    }
    assertEquals(isFilled(), false);
  },
);

testTensor("tensors on the meta device have shapes and types, however large, and no values", () => {
  const shape = [2 ** 20, 2 ** 20];
  const made = onDevice("meta", () => zeros(shape, { dtype: "float64" }));
  assertEquals([made.shape, made.dtype, made.device], [shape, "float64", "meta"]);
  assertThrows(() => made.toArray());
  const drawn = onDevice("meta", () => [rand([2]), randn([2]), randint({ high: 3 }, [2])]);
  assertEquals(drawn.map((each) => each.device), ["meta", "meta", "meta"]);
  assertEquals(
    onDevice("meta", () => [zeros([1], { device: "cpu" }), tensor([1])]).map((each) => each.device),
    ["cpu", "cpu"],
    "what is told a device or has data is not moved",
  );
  assertThrows(
    () =>
      onDevice("meta", () => {
        throw new Error("stop");
      }),
    Error,
    "stop",
  );
  assertEquals(zeros([1]).device, "cpu");
});
