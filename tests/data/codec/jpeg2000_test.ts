import "../../native.ts";
import { assert, assertEquals, assertRejects } from "@std/assert";
import { concat } from "@std/bytes/concat";
import { makeBox } from "../../../src/data/codec/boxes.ts";
import { decodeImage } from "../../../src/data/codec/decode.ts";
import { readJpeg2000Layout } from "../../../src/data/codec/jpeg2000_layout.ts";
import { decodeJpeg2000ByWasm } from "../../../src/data/codec/jpeg2000_wasm.ts";
import { decoderOf } from "../../../src/data/pixels/decoder_choice.ts";
import { bytesOf } from "./pixel_table.ts";

/** A bare codestream of red, green, blue and alpha, with some bytes of its header changed. */
function changed(bytes: Readonly<Record<number, number>>): Uint8Array<ArrayBuffer> {
  const file = bytesOf("bare_rgba.j2k");
  for (const [at, byte] of Object.entries(bytes)) file[Number(at)] = byte;
  return file;
}

/** Places in the header (ITU-T T.800, A.5.1): how many components, and how many columns apart the blue samples lie. */
const COMPONENTS = 41, BLUE_STEP = 49;

Deno.test("a file that is cut off anywhere is refused, in a box or bare, with alpha or without", async () => {
  for (const name of ["RGB.jp2", "tiles_rgba.jp2", "bare.j2k", "I16.jp2"]) {
    const whole = bytesOf(name);
    for (const length of [whole.length - 40, whole.length >> 1, 130]) {
      await assertRejects(() => decodeImage(whole.slice(0, length)), Error, "cut off", name);
    }
  }
});

Deno.test("five components, and fewer samples of a colour than pixels, are refused by name", async () => {
  assertEquals((await decodeImage(changed({}), { channels: 4 })).width, 13);
  const five = () => decodeImage(changed({ [COMPONENTS]: 5 }));
  await assertRejects(five, Error, "5 samples a pixel are not read");
  const halved = () => decodeImage(changed({ [BLUE_STEP]: 2 }));
  await assertRejects(halved, Error, "components of fewer samples are read of Y′CbCr");
});

Deno.test("colours of half the rows lie between the right ones in every strip, also where they begin at odd places", async () => {
  const bytes = Deno.readFileSync(new URL("large/halved.jp2", import.meta.url));
  const { pixels, width } = await decodeImage(bytes);
  const layout = readJpeg2000Layout(new DataView(bytes.buffer));
  const { values } = await decodeJpeg2000ByWasm(bytes, layout);
  assertEquals(pixels.length, values.length);
  const isNear = (value: number, i: number) => Math.abs(value - values[i]) <= 1;
  // At these edges the package takes colours from elsewhere, or none.
  const row = 3 * width;
  const isEdge = (i: number) => i < row || i >= pixels.length - row || i % row < 3;
  assert(pixels.every((value, i) => isEdge(i) || isNear(value, i)));
});

Deno.test({
  name: "signs of samples are taken away, palettes are looked up, and components keep their order",
  ignore: decoderOf("JPEG 2000").name === "wasm",
  fn: async () => {
    const bare = bytesOf("bare.j2k");
    const { pixels } = await decodeImage(bare);
    const signed = bare.slice();
    for (const at of [42, 45, 48]) signed[at] |= 0x80;
    assertEquals((await decodeImage(signed)).pixels, pixels);

    const swapped = [0, 3, 0, 0, 0, 0, 0, 3, 0, 1, 0, 0, 0, 2, 0, 2, 0, 0, 0, 1];
    const reordered = jp2(bare, 3, makeBox("cdef", swapped));
    assertEquals((await decodeImage(reordered)).pixels, pixels);

    const gray = await decodeImage(bytesOf("L.jp2"), { channels: 1 });
    const layout = readJpeg2000Layout(new DataView(bytesOf("L.jp2").buffer));
    const colours = Array.from({ length: 256 }, (_, i) => [i, 255 - i, i >> 1]);
    const painted = jp2(
      bytesOf("L.jp2").subarray(...layout.codestream),
      1,
      makeBox("pclr", [1, 0, 3, 7, 7, 7, ...colours.flat()]),
      makeBox("cmap", [0, 0, 1, 0, 0, 0, 1, 1, 0, 0, 1, 2]),
    );
    const expected = Uint8Array.from([...gray.pixels].flatMap((index) => colours[index]));
    assertEquals((await decodeImage(painted)).pixels, expected);
  },
});

/** A file of 13 x 9 pixels with boxes that say what its components are. */
function jp2(codestream: Uint8Array, components: number, ...boxes: readonly Uint8Array[]) {
  const size = [0, 0, 0, 9, 0, 0, 0, 13, 0, components, 7, 7, 0, 0];
  const ascii = (text: string) => Array.from(text, (character) => character.charCodeAt(0));
  const header = [makeBox("ihdr", size), makeBox("colr", [1, 0, 0, 0, 0, 0, 16]), ...boxes];
  return concat([
    makeBox("jP  ", [0x0d, 0x0a, 0x87, 0x0a]),
    makeBox("ftyp", ascii("jp2 \0\0\0\0jp2 ")),
    makeBox("jp2h", concat(header)),
    makeBox("jp2c", codestream),
  ]);
}
