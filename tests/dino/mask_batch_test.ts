import { assertEquals } from "@std/assert";
import { everyPatch, maskBatch } from "../../src/dino/mask_batch.ts";
import { assertClose, testTensor } from "../helpers.ts";

testTensor("a batch of masks lists its patches, their weights, and padding", () => {
  const masks = Uint8Array.from([0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1]); // 3 crops of 4 patches
  const batch = maskBatch({ masks, upperbound: 5 }, 3);
  assertEquals(batch.count, 3);
  assertEquals(batch.indices.toArray(), BigInt64Array.of(1n, 2n, 11n, 0n, 0n));
  assertClose(batch.weights, [0.5, 0.5, 1]);
  assertEquals(batch.masks!.dtype, "bool");
  assertEquals(batch.masks!.shape, [3, 4]);
});

testTensor("buffers are as long as the masks where these are more than the bound", () => {
  const batch = maskBatch({ masks: Uint8Array.of(1, 1, 1, 0), upperbound: 2 }, 2);
  assertEquals(batch.indices.toArray(), BigInt64Array.of(0n, 1n, 2n));
});

testTensor("without masks every patch is predicted and weighs the same", () => {
  const { masks, indices, weights, count } = everyPatch(2, 4);
  assertEquals([masks, count], [null, 8]);
  assertEquals(indices.toArray(), BigInt64Array.from([0, 1, 2, 3, 4, 5, 6, 7], BigInt));
  assertClose(weights, Array(8).fill(0.25));
});
