import { assertEquals, assertThrows } from "@std/assert";
import { readNpySamples } from "../../../src/data/codec/npy_samples.ts";

interface NpyToWrite {
  readonly type?: string;
  readonly shape: string;
  /** 1, or 2 and 3, whose header's length has 32 bits. Default: 1. */
  readonly version?: number;
  readonly order?: "True" | "False";
  readonly data: ArrayBufferView<ArrayBuffer>;
}

/** What `numpy.save` writes. */
function npy({ type = "|u1", shape, version = 1, order = "False", data }: NpyToWrite) {
  const text = `{'descr': '${type}', 'fortran_order': ${order}, 'shape': (${shape}), }\n`;
  const length = version === 1 ? [text.length, 0] : [text.length, 0, 0, 0];
  const magic = [0x93, ...new TextEncoder().encode("NUMPY"), version, 0, ...length];
  const values = new Uint8Array(data.buffer);
  return Uint8Array.from([...magic, ...new TextEncoder().encode(text), ...values]);
}

const values = (array: NpyToWrite, channels?: number) => {
  const file = Uint8Array.from([9, 9, 9, ...npy(array)]).subarray(3); // within other memory
  const { width, height, values } = readNpySamples(file, 12, channels);
  return [width, height, ...values];
};

Deno.test("numbers of every type that is read come back, in each version of the format", () => {
  const shape = "1, 2";
  for (const version of [1, 2, 3]) {
    assertEquals(values({ version, shape, data: Uint8Array.of(7, 255) }), [2, 1, 7, 255]);
  }
  const arrays: [type: string, data: ArrayBufferView<ArrayBuffer>][] = [
    ["<u2", Uint16Array.of(300, 65535)],
    ["<f2", Float16Array.of(0.5, 0.25)],
    ["<f4", Float32Array.of(0.5, 0.25)],
    ["<f8", Float64Array.of(0.5, 0.25)],
  ];
  for (const [type, data] of arrays) {
    const [first, second] = data as unknown as Iterable<number>;
    assertEquals(values({ type, shape, data }), [2, 1, first, second], type);
  }
});

Deno.test("channels are the last side, or the first where that alone is as many", () => {
  const data = Uint8Array.of(1, 2, 3, 4, 5, 6);
  assertEquals(values({ shape: "1, 3, 2", data }, 2), [3, 1, 1, 2, 3, 4, 5, 6]);
  assertEquals(values({ shape: "2, 1, 3", data }, 2), [3, 1, 1, 4, 2, 5, 3, 6]);
  const both = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8);
  assertEquals(values({ shape: "2, 2, 2", data: both }, 2), [2, 2, 1, 2, 3, 4, 5, 6, 7, 8]);
});

Deno.test("arrays that are no images are refused, those of the most pixels are not", () => {
  const data = new Uint8Array(13);
  assertEquals(values({ shape: "3, 4", data }).length, 14);
  const refused: [array: NpyToWrite, channels: number, reason: string][] = [
    [{ shape: "1, 13", data }, 1, "13x1 values exceed 12"],
    [{ shape: "2, 2", order: "True", data }, 1, "no plain array, row by row"],
    [{ shape: "2, 0", data }, 1, "shape [2,0]"],
    [{ shape: "1, 1, 1, 1", data }, 1, "shape [1,1,1,1]"],
    [{ shape: "2, 2", data }, 2, "not 2 values for each pixel"],
    [{ shape: "3, 4", type: "<u2", data }, 1, "cut off"],
    [{ shape: "2, 2", type: ">u2", data }, 1, "the type >u2"],
  ];
  for (const [array, channels, reason] of refused) {
    assertThrows(() => values(array, channels), Error, reason);
  }
});
