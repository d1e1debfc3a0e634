import "../../native.ts";
import { assertEquals } from "@std/assert";
import { decoderOf } from "../../../src/data/pixels/decoder_choice.ts";
import { pixels as native } from "../../../src/ffi/pixels.ts";
import { bytesOf } from "../codec/pixel_table.ts";
import digests from "../codec/jpeg/pixels.json" with { type: "json" };

/** What native code returns for who decoded the numbers of a file. */
const SCAN = 1, LIBJPEG = 2;

const ARITHMETIC_WITH_CODES = "440.jpg, said to be arithmetic";
/** Files of which libjpeg decodes the numbers, for they are progressive, arithmetic, in separate scans, or damaged in passing. */
const LEFT_TO_LIBJPEG: ReadonlySet<string> = new Set([
  "420_progressive.jpg",
  "RGB_progressive.jpg",
  "L_progressive.jpg",
  "CMYK_progressive.jpg",
  "arithmetic.jpg",
  "arithmetic_progressive.jpg",
  ARITHMETIC_WITH_CODES,
  "separate_scans.jpg",
  "restart_out_of_order.jpg",
  "restart_late.jpg",
  "run_beyond_the_block.jpg",
  "restart_missing.jpg",
  "no_such_code.jpg",
  "data_missing.jpg",
]);

/** A file with another marker before its frame; ITU-T T.81, table B.1. */
function saidToBeArithmetic(name: string): Uint8Array<ArrayBuffer> {
  const bytes = Deno.readFileSync(new URL(`../codec/jpeg/${name}`, import.meta.url));
  bytes[bytes.findIndex((byte, at) => byte === 0xff && bytes[at + 1] === 0xc0) + 1] = 0xc9;
  return bytes;
}

const OF_TABLE = ["RGB.jpg", "L.jpg", "CMYK.jpg"].flatMap((
  name,
) => [name, name.replace(".", "_progressive.")]);
const FILES: ReadonlyMap<string, Uint8Array<ArrayBuffer>> = new Map([
  ...Object.keys(digests).map((name) =>
    [name, Deno.readFileSync(new URL(`../codec/jpeg/${name}`, import.meta.url))] as const
  ),
  ...OF_TABLE.map((name) => [name, bytesOf(name)] as const),
  [ARITHMETIC_WITH_CODES, saidToBeArithmetic("440.jpg")],
]);
/** Bytes of the longest file that is tried the quick way. */
const LONGEST = 64 * 2 ** 20;

function decode(bytes: Uint8Array<ArrayBuffer>) {
  const [length, most] = [BigInt(bytes.length), 10_000n];
  const header = new Int32Array(3);
  native().deino_pixels_jpeg_header(bytes, length, most, header);
  const samples = new Uint8Array(header[0] * header[1] * header[2]);
  const room = BigInt(samples.length);
  const by = native().deino_pixels_decode_jpeg(bytes, length, most, 50, 0, samples, room);
  return { by, samples };
}

const options = { ignore: decoderOf("JPEG").name === "wasm" };

Deno.test(
  "ordinary files are decoded by our own scan, progressive, arithmetic and damaged ones by libjpeg",
  options,
  () => {
    for (const [name, bytes] of FILES) {
      const expected = LEFT_TO_LIBJPEG.has(name) ? LIBJPEG : SCAN;
      assertEquals(decode(bytes).by, expected, name);
      const length = BigInt(bytes.length);
      const loaded = native().deino_pixels_load_jpeg(bytes, length, 10_000n, 50, new Int32Array(2));
      assertEquals(loaded, expected, `${name}, loaded for crops`);
    }
  },
);

Deno.test(
  "both give the same samples, as a file of more than 64 MB shows, which is left to libjpeg",
  options,
  () => {
    const room = new Uint8Array(LONGEST + 1);
    for (const [name, bytes] of FILES) {
      room.fill(0, 0, 100_000);
      room.set(bytes);
      const whole = decode(room); // what follows the end of the picture is not read
      assertEquals(whole.by, LIBJPEG, name);
      assertEquals(whole.samples, decode(bytes).samples, name);
    }
    room.set(FILES.get("440.jpg")!);
    assertEquals(decode(room.subarray(0, LONGEST)).by, SCAN);
  },
);
