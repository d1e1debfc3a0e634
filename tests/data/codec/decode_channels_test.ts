import "../../native.ts";
import { assert, assertEquals, assertRejects } from "@std/assert";
import { npyHead } from "../../../src/checkpoint/npy.ts";
import { decodeImage } from "../../../src/data/codec/decode.ts";
import { writePng } from "./write_png.ts";
import { writeTiff } from "./write_tiff.ts";

const IMAGES = new URL("../images/", import.meta.url);
const size = { width: 3, height: 2 };

async function pixels(bytes: Uint8Array<ArrayBuffer>, channels: number): Promise<number[]> {
  const image = await decodeImage(bytes, { channels });
  assertEquals([image.width, image.height], [3, 2]);
  return Array.from(image.pixels);
}

function ramp(count: number, step: number): number[] {
  return Array.from({ length: count }, (_, i) => i * step);
}

Deno.test("gray of 16 bits keeps its precision", async () => {
  const values = [0, 1, 257, 300, 65534, 65535];
  const expected = Array.from(Float32Array.from(values, (value) => value * (255 / 65535)));
  for (
    const bytes of [
      writePng({ ...size, bits: 16, values }),
      writeTiff({ ...size, samples: 1, bits: 16, values }),
    ]
  ) assertEquals(await pixels(bytes, 1), expected);
});

Deno.test("the gray of colours is that of Pillow, and alpha is dropped", async () => {
  const values = [10, 20, 30, 0, 200, 100, 50, 255, ...ramp(16, 3)];
  const rgba = writePng({ ...size, type: 6, values });
  const gray = await pixels(rgba, 1);
  assertEquals(gray.slice(0, 2), [18, 124]); // PIL.Image.convert("L")
  assertEquals((await pixels(rgba, 2)).slice(0, 4), [18, 0, 124, 255]);
});

Deno.test("alpha stays where it is a channel, and is opaque where there is none", async () => {
  const values = ramp(24, 7);
  assertEquals(await pixels(writePng({ ...size, type: 6, values }), 4), values);
  const gray = writePng({ ...size, values: ramp(6, 9) });
  assertEquals(await pixels(gray, 4), ramp(6, 9).flatMap((v) => [v, v, v, 255]));
});

Deno.test("gray of few bits, JPEG, GIF, WebP and BMP become gray", async () => {
  const bilevel = writePng({ ...size, bits: 2, values: [0, 1, 2, 3, 0, 1] });
  assertEquals(await pixels(bilevel, 1), [0, 85, 170, 255, 0, 85]);
  for (const name of ["gray.jpg", "cmyk.jpg", "palette.png", "animated.gif", "rgb.bmp"]) {
    const bytes = await Deno.readFile(new URL(name, IMAGES));
    const [gray, rgb] = [await decodeImage(bytes, { channels: 1 }), await decodeImage(bytes)];
    assertEquals(gray.pixels.length * 3, rgb.pixels.length, name);
  }
});

for (const isPlanar of [false, true]) {
  Deno.test(`TIFFs of many channels keep them, ${isPlanar ? "in planes" : "side by side"}`, async () => {
    for (const samples of [2, 5, 16]) {
      for (const bits of [8, 16] as const) {
        const values = ramp(6 * samples, bits === 8 ? 2 : 500);
        const tiff = writeTiff({ ...size, samples, bits, isPlanar, values });
        const scale = bits === 8 ? 1 : 255 / 65535;
        const expected = Array.from(Float32Array.from(values, (value) => value * scale));
        assertEquals(await pixels(tiff, samples), expected);
      }
    }
  });
}

Deno.test("a planar RGB TIFF is the image of the chunky one", async () => {
  const rgb = { ...size, samples: 3, photometric: 2, values: ramp(18, 11) };
  const chunky = await decodeImage(writeTiff(rgb));
  assertEquals(await decodeImage(writeTiff({ ...rgb, isPlanar: true })), chunky);
  assertEquals(Array.from(chunky.pixels), rgb.values);
});

Deno.test("arrays of numpy.save are images, channels first or last", async () => {
  const values = Uint16Array.from(ramp(30, 2000));
  const array = (shape: number[]) => {
    const head = npyHead("float16", shape);
    head[head.indexOf("f".charCodeAt(0), 20)] = "u".charCodeAt(0); // '<f2' becomes '<u2'
    const bytes = new Uint8Array(head.length + values.byteLength);
    bytes.set(head);
    bytes.set(new Uint8Array(values.buffer), head.length);
    return bytes;
  };
  const last = await pixels(array([2, 3, 5]), 5);
  assertEquals(last, Array.from(Float32Array.from(values, (value) => value * (255 / 65535))));
  const first = await pixels(array([5, 2, 3]), 5);
  assertEquals([first[0], first[1], first[5]], [last[0], last[6], last[1]]);
});

Deno.test("fractions of numpy.save go from 0 to 1", async () => {
  const array = (value: number) => {
    const head = npyHead("float32", [1, 2]);
    const bytes = new Uint8Array(head.length + 8);
    bytes.set(head);
    bytes.set(new Uint8Array(Float32Array.of(0.5, value).buffer), head.length);
    return bytes;
  };
  for (const end of [0, 1]) {
    const { pixels } = await decodeImage(array(end), { channels: 1 });
    assertEquals(Array.from(pixels), [127.5, 255 * end]);
  }
  for (const value of [1.5, -1, NaN]) {
    await assertRejects(
      () => decodeImage(array(value), { channels: 1 }),
      Error,
      `it holds ${value}`,
    );
  }
});

Deno.test("an error names the channels that an image lacks", async () => {
  const tiff = writeTiff({ ...size, samples: 5, values: ramp(30, 1) });
  const error = await assertRejects(() => decodeImage(tiff, { channels: 4 }), Error);
  assertEquals(error.message, "it has 5 channels where 4 are asked for");
  const damaged = writePng({ ...size, values: ramp(6, 1) }).subarray(0, 50);
  const cut = await assertRejects(() => decodeImage(damaged, { channels: 1 }), Error);
  assert(cut.message.startsWith("damaged or unsupported PNG"), cut.message);
});
