import { assertEquals, assertThrows } from "@std/assert";
import {
  checkFeatures,
  countClasses,
  labelTensor,
  selectImages,
} from "../../src/features/labelled_features.ts";
import { tensor, zeros } from "../../src/tensor/create.ts";
import { testTensor } from "../helpers.ts";

const set = { features: tensor([[1, 2], [3, 4], [5, 6]]), labels: Uint32Array.of(0, 3, 1) };

testTensor("images are chosen with their features and classes, in the order asked for", () => {
  const { features, labels } = selectImages(set, Uint32Array.of(2, 0, 2));
  assertEquals([features.toList(), [...labels]], [[[5, 6], [1, 2], [5, 6]], [1, 0, 1]]);
  assertEquals(labelTensor(set.labels, "cpu").toArray(), BigInt64Array.of(0n, 3n, 1n));
});

testTensor("there are as many classes as the highest number of any set, and one", () => {
  assertEquals(countClasses(set), 4);
  assertEquals(countClasses(set, { ...set, labels: Uint32Array.of(7, 0, 0) }), 8);
});

testTensor(
  "sets without images, labels of another number and widths that differ are refused",
  () => {
    checkFeatures(set, set);
    const empty = { features: zeros([0, 2]), labels: new Uint32Array() };
    assertThrows(() => checkFeatures(set, empty), RangeError, "a set without images");
    const short = { ...set, labels: Uint32Array.of(0, 1) };
    assertThrows(() => checkFeatures(short), RangeError, "Cannot pair 3 features with 2 labels");
    const wide = { features: zeros([1, 3]), labels: Uint32Array.of(0) };
    assertThrows(() => checkFeatures(set, wide), RangeError, "features of 2 and 3 numbers");
  },
);

testTensor("a value that is not finite is found wherever it stands among millions", () => {
  const [rows, width] = [2 ** 22 + 1, 4];
  const many = { features: zeros([rows, width]), labels: new Uint32Array(rows) };
  checkFeatures(many);
  many.features.narrow(0, rows - 1, 1).fill_(-Infinity);
  assertThrows(() => checkFeatures(many), RangeError, "NaN or infinity");
});
