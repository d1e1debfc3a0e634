import { assert, assertEquals, assertNotEquals, assertThrows } from "@std/assert";
import {
  Generator,
  getRandomState,
  manualSeed,
  rand,
  randint,
  randn,
  randperm,
  setRandomState,
} from "../../src/tensor/random.ts";
import { zeros } from "../../src/tensor/create.ts";
import type { DType } from "../../src/tensor/dtype.ts";
import type { Tensor } from "../../src/tensor/tensor.ts";
import { testTensor } from "../helpers.ts";

testTensor("the same seed gives the same numbers", () => {
  manualSeed(7);
  const first = randn([3]).toList();
  manualSeed(7);
  assertEquals(randn([3]).toList(), first);
  assertNotEquals(randn([3]).toList(), first);
});

testTensor("a generator goes on where its saved state was", () => {
  const generator = new Generator(1);
  rand([5], { generator });
  const state = generator.getState();
  const next = rand([5], { generator }).toList();
  generator.setState(state);
  assertEquals(rand([5], { generator }).toList(), next);
});

testTensor("every draw comes from the generator it is given, in the type asked for", () => {
  const draws: [draw: (generator: Generator) => Tensor, dtype: DType][] = [
    [(generator) => randn([4], { generator, dtype: "float64" }), "float64"],
    [(generator) => rand([4], { generator, dtype: "float64" }), "float64"],
    [(generator) => randint({ high: 1000 }, [4], { generator, dtype: "int32" }), "int32"],
    [(generator) => randperm(20, { generator, dtype: "int32" }), "int32"],
    [(generator) => zeros([4]).normal_({ generator }), "float32"],
    [(generator) => zeros([4]).uniform_({ generator }), "float32"],
  ];
  for (const [draw, dtype] of draws) {
    const [first, again, other] = [5, 5, 6].map((seed) => draw(new Generator(seed)));
    assertEquals(first.dtype, dtype);
    assertEquals(first.toList(), again.toList(), String(draw));
    assertNotEquals(first.toList(), other.toList(), String(draw));
  }
});

testTensor("a generator does not disturb the default source", () => {
  const state = getRandomState();
  const expected = rand([2]).toList();
  setRandomState(state);
  rand([9], { generator: new Generator(3) });
  assertEquals(rand([2]).toList(), expected);
});

testTensor("randn() has mean 0 and variance 1, rand() stays in its range", () => {
  const generator = new Generator(0);
  const normal = randn([20000], { generator });
  assert(Math.abs(normal.mean().item()) < 0.03);
  assert(Math.abs(normal.variance().item() - 1) < 0.03);
  const even = rand([20000], { generator });
  assert(even.min().item() >= 0 && even.max().item() < 1);
  assert(Math.abs(even.mean().item() - 0.5) < 0.01);
});

testTensor("randperm() holds every number once and randint() respects its bounds", () => {
  assertEquals(
    randperm(50).sort().values.toArray(),
    BigInt64Array.from({ length: 50 }, (_, i) => BigInt(i)),
  );
  const drawn = randint({ low: 2, high: 5 }, [1000]);
  assertEquals([drawn.min().item(), drawn.max().item()], [2, 4]);
  const fromZero = randint({ high: 3 }, [1000]);
  assertEquals([fromZero.min().item(), fromZero.max().item()], [0, 2]);
  assertEquals([drawn.dtype, randint({ high: 3 }, [1], { dtype: "int32" }).dtype], [
    "int64",
    "int32",
  ]);
});

testTensor("a seed that is no whole number is refused", () => {
  assertThrows(() => manualSeed(-1), RangeError, "seed -1");
  assertThrows(() => new Generator(0.5), RangeError, "seed 0.5");
});
