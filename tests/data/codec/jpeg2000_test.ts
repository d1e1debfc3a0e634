import "../../native.ts";
import { assertEquals, assertRejects } from "@std/assert";
import { decodeImage } from "../../../src/data/codec/decode.ts";
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
