import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { Stream } from "../../src/random/stream.ts";
import { blockMask, sampleMasks, splitMasks } from "../../src/vit/masking.ts";

const count = (mask: Uint8Array) => mask.reduce((sum, value) => sum + value, 0);
const reference = { crops: 128, grid: 16, probability: 0.5, ratio: [0.1, 0.5] as const };

Deno.test("a block mask never covers more than asked, and mostly exactly that", () => {
  const stream = new Stream(0, "masks");
  let exact = 0, missing = 0;
  const draws = 2000;
  for (let i = 0; i < draws; i++) {
    const asked = Math.trunc(256 * stream.uniform(0.1, 0.5));
    const got = count(blockMask(16, asked, stream));
    assert(got <= asked);
    if (got === asked) exact++;
    missing += asked - got;
  }
  assertAlmostEquals(exact / draws, 0.93, 0.03); // of the reference's draws
  assertAlmostEquals(missing / draws, 0.07, 0.05);
});

Deno.test("half the crops are masked, by 30 % on average, within the upper bound", () => {
  const stream = new Stream(1, "masks");
  let share = 0;
  for (let i = 0; i < 20; i++) {
    const { masks, upperbound } = sampleMasks(reference, stream);
    const perCrop = Array.from(
      { length: 128 },
      (_, c) => count(masks.subarray(c * 256, (c + 1) * 256)),
    );
    assertEquals(perCrop.filter((masked) => masked > 0).length, 64);
    assert(count(masks) <= upperbound);
    assert(Math.max(...perCrop) <= 128);
    share += count(masks) / masks.length / 20;
  }
  assertAlmostEquals(share, 0.149, 0.002);
});

Deno.test("masked crops are shuffled among all crops", () => {
  const stream = new Stream(2, "masks");
  const hits = new Float64Array(8);
  for (let i = 0; i < 400; i++) {
    const { masks } = sampleMasks({ ...reference, crops: 8, grid: 7 }, stream);
    for (let c = 0; c < 8; c++) {
      hits[c] += Number(count(masks.subarray(c * 49, (c + 1) * 49)) > 0) / 400;
    }
  }
  for (const share of hits) assertAlmostEquals(share, 0.5, 0.1);
});

Deno.test("the masks of a seed never change between versions: a resumed run draws them again", () => {
  const { masks, upperbound } = sampleMasks(
    { crops: 4, grid: 6, probability: 0.5, ratio: [0.1, 0.5] },
    new Stream(0, "masks", 1),
  );
  const crop = (i: number) =>
    Array.from({ length: 6 }, (_, row) => masks.subarray(36 * i + 6 * row, 36 * i + 6 * row + 6))
      .map((row) => row.join("")).join(" ");
  const none = "000000 000000 000000 000000 000000 000000";
  assertEquals([0, 1, 2, 3].map(crop), [
    none,
    "001111 000000 000000 001110 101110 000110",
    none,
    "000000 000001 000001 001000 001000 001000",
  ]);
  assertEquals(upperbound, 28);
});

Deno.test("no crop is masked by a probability too small for one", () => {
  const draw = (probability: number) =>
    sampleMasks({ crops: 4, grid: 6, probability, ratio: [0.5, 0.5] }, new Stream(0, "masks"));
  assertEquals([draw(0.24).upperbound, draw(0.25).upperbound, draw(0.49).upperbound], [0, 18, 18]);
  assertEquals(count(draw(0.24).masks), 0);
});

Deno.test("dense masks of a seed never change either, whose blocks miss and touch the edges", () => {
  const expected = [[3, 0.1, 0.5, 116], [4, 0.6, 0.75, 655], [7, 0.3, 0.9, 1843], [
    12,
    0.1,
    0.5,
    2725,
  ]];
  const sums = [255_843, 328_627, 504_920, 182_722];
  for (const [i, [grid, low, high, masked]] of expected.entries()) {
    const { masks } = sampleMasks(
      { crops: 64, grid, probability: 1, ratio: [low, high] },
      new Stream(0, "masks", grid),
    );
    const sum = masks.reduce((sum, mask, place) => (31 * sum + mask * (place + 1)) % 1_000_003, 0);
    assertEquals([count(masks), sum], [masked, sums[i]], `a grid of ${grid}`);
  }
});

Deno.test("a micro-batch gets both crops of its images, and its share of the upper bound", () => {
  // Four images of two patches: first crops, then second ones.
  const masks = Uint8Array.from([0, 0, 1, 0, 0, 1, 1, 1, /**/ 1, 0, 0, 0, 0, 1, 0, 0]);
  const [first, second] = splitMasks({ masks, upperbound: 7 }, 2);
  assertEquals([...first.masks], [0, 0, 1, 0, /**/ 1, 0, 0, 0]);
  assertEquals([...second.masks], [0, 1, 1, 1, /**/ 0, 1, 0, 0]);
  assertEquals([first.upperbound, second.upperbound], [4, 4]);
});

Deno.test("a batch that is one micro-batch keeps its masks", () => {
  const sampled = { masks: Uint8Array.from([1, 0, 0, 1]), upperbound: 3 };
  assertEquals(splitMasks(sampled, 1), [sampled]);
});
