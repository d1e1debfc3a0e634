import { assertEquals, assertThrows } from "@std/assert";
import { decodeTarget } from "../../src/data/decode_target.ts";
import type { DepthTargets, LabelTargets } from "../../src/data/target.ts";
import { writePng } from "./codec/write_png.ts";

const LIMIT = 1e6;
const labels: LabelTargets = { kind: "labels", numClasses: 3, reduceZeroLabel: false };
const depth: DepthTargets = { kind: "depth", scale: 1000 };
const row = (values: number[], png = {}) =>
  writePng({ width: values.length, height: 1, values, ...png });

Deno.test("labels are the numbers in gray, palette and equal-channel files", () => {
  for (const png of [{}, { type: 3 }]) {
    assertEquals([...decodeTarget(row([0, 2, 255, 1], png), labels, LIMIT).values], [0, 2, 255, 1]);
  }
  const colour = writePng({ width: 2, height: 1, type: 2, values: [2, 2, 2, 0, 0, 0] });
  assertEquals([...decodeTarget(colour, labels, LIMIT).values], [2, 0]);
  const alpha = writePng({ width: 2, height: 1, type: 4, values: [1, 255, 2, 0] });
  assertEquals([...decodeTarget(alpha, labels, LIMIT).values], [1, 2]);
});

Deno.test("with reduceZeroLabel 0 means no class and 1 the first", () => {
  const kind = { ...labels, reduceZeroLabel: true };
  assertEquals([...decodeTarget(row([0, 1, 3, 255]), kind, LIMIT).values], [255, 0, 2, 255]);
  assertThrows(
    () => decodeTarget(row([4]), kind, LIMIT),
    Error,
    "it holds 4, but the 3 classes are 1 to 3",
  );
});

Deno.test("labels out of range and colours are refused", () => {
  const refuse = (bytes: Uint8Array, hint: string) =>
    assertThrows(() => decodeTarget(bytes, labels, LIMIT), Error, hint);
  refuse(row([0, 3]), "it holds 3, but the 3 classes are 0 to 2");
  refuse(row([2, 300], { bits: 16 }), "it holds 300");
  refuse(writePng({ width: 1, height: 1, type: 2, values: [128, 0, 0] }), "it holds colours");
  refuse(new Uint8Array(9), "not a PNG");
});

Deno.test("whole numbers of 16 bits are divided by the scale", () => {
  const png = row([0, 1, 1234, 65535], { bits: 16 });
  const { values } = decodeTarget(png, depth, LIMIT);
  assertEquals([...values], [...Float32Array.of(0, 0.001, 1.234, 65.535)]);
});

/** What `numpy.save` writes for an array of this shape. */
function npy(type: string, shape: string, data: ArrayBufferView<ArrayBuffer>): Uint8Array {
  const header = `{'descr': '${type}', 'fortran_order': False, 'shape': (${shape}), }\n`;
  const bytes = new TextEncoder().encode(`?NUMPY??..${header}`);
  bytes.set([0x93], 0);
  bytes.set([1, 0, header.length, 0], 6);
  return Uint8Array.from([...bytes, ...new Uint8Array(data.buffer)]);
}

Deno.test("fractions of numpy.save are metres, whole numbers are divided by the scale", () => {
  const fractions = npy("<f4", "2, 2", Float32Array.of(1.5, 0, NaN, Infinity));
  const { width, height, values } = decodeTarget(fractions, depth, LIMIT);
  assertEquals([width, height, ...values], [2, 2, 1.5, 0, 0, 0]);
  const whole = npy("<u2", "1, 1, 2", Uint16Array.of(2000, 500));
  assertEquals([...decodeTarget(whole, depth, LIMIT).values], [2, 0.5]);
  const double = npy("<f8", "2, 1, 1", Float64Array.of(0.25, 8));
  assertEquals(decodeTarget(double, depth, LIMIT).height, 2);
});

Deno.test("other arrays and impossible depths are refused", () => {
  const refuse = (bytes: Uint8Array, hint: string) =>
    assertThrows(() => decodeTarget(bytes, depth, LIMIT), Error, hint);
  refuse(npy("<i8", "1, 1", BigInt64Array.of(1n)), "numpy.save wrote the type <i8");
  refuse(npy("<f4", "3", Float32Array.of(1, 2, 3)), "an array of shape [3]");
  refuse(npy("<f4", "2, 2", Float32Array.of(1)), "is cut off");
  refuse(npy("<f4", "1, 1", Float32Array.of(-1)), "it holds a depth of -1");
  refuse(npy("<f4", "2000, 2000", Float32Array.of(1)), "2000x2000 values exceed 1000000");
  refuse(Uint8Array.of(0x93), "not a file of numpy.save");
});
