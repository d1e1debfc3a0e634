import { assertEquals, assertNotEquals } from "@std/assert";
import { cachedBatches } from "../../../src/eval/linear/cached_batches.ts";
import { testTensor } from "../../helpers.ts";
import { features } from "../random_features.ts";

testTensor("batches show every image once before any again, in an order of the seed", () => {
  const size = 12;
  const numbers = Array.from({ length: size }, (_, i) => i);
  const train = features(numbers.map((i) => [i]), numbers);
  const order = (seed: number) => {
    const shown: number[] = [];
    for (const compute of cachedBatches(train, { batchSize: 8, seed })) {
      const { features, labels } = compute();
      assertEquals([features.shape, labels.length], [[8, 1], 8]);
      assertEquals((features.toList() as number[][]).flat(), Array.from(labels));
      shown.push(...labels);
      if (shown.length === 2 * size) break;
    }
    return shown;
  };
  const shown = order(1);
  const epochs = [shown.slice(0, size), shown.slice(size)];
  for (const epoch of epochs) assertEquals(epoch.toSorted((a, b) => a - b), numbers);
  assertNotEquals(epochs[0], epochs[1]);
  assertEquals(order(1), shown);
  assertNotEquals(order(2), shown);
});
