import { assertEquals, assertThrows } from "@std/assert";
import { namedTensors, plainValues } from "../../../src/checkpoint/torch/named_tensors.ts";
import { type PickleValue, SavedTensor, Storage } from "../../../src/checkpoint/torch/values.ts";

const tensor = new SavedTensor(new Storage("0", "float32", 1), "float32", 0, [1], [1]);

Deno.test("tensors are named by the keys and places that lead to them, others are passed over", () => {
  const saved = new Map<PickleValue, PickleValue>([
    ["a", tensor],
    ["list", [tensor, [null, tensor]]],
    [7, new Map<PickleValue, PickleValue>([["b.c", tensor], [true, tensor]])],
    ["epoch", 3],
  ]);
  assertEquals([...namedTensors(saved).keys()], ["a", "list.0", "list.1.1", "7.b.c"]);
  const twice = new Map<PickleValue, PickleValue>([["a.b", tensor], [
    "a",
    new Map([["b", tensor]]),
  ]]);
  assertThrows(() => namedTensors(twice), Error, "two tensors named");
});

Deno.test("names of 1000 letters in dictionaries 32 deep are read, and no longer or deeper ones", () => {
  const under = (depth: number): PickleValue =>
    depth === 0 ? tensor : new Map([["k", under(depth - 1)]]);
  assertEquals(namedTensors(under(32)).size, 1);
  assertThrows(() => namedTensors(under(33)), Error, "more than 32 deep");
  const named = (length: number) => namedTensors(new Map([["n".repeat(length), tensor]]));
  assertEquals(named(1000).size, 1);
  assertThrows(() => named(1001), Error, "it holds the name");
});

Deno.test("of what lies beside them, numbers, texts and booleans of the outermost dictionary count", () => {
  const saved = new Map<PickleValue, PickleValue>([
    ["iteration", 12],
    ["arch", "vit"],
    ["finished", true],
    ["nothing", null],
    ["list", [1]],
    [3, 4],
    ["inner", new Map([["epoch", 5]])],
  ]);
  assertEquals(plainValues(saved), { iteration: 12, arch: "vit", finished: true });
  assertEquals(plainValues([1]), {});
});
