/**
 * Every file of `pixels/table.json` is decoded to one to four channels and compared with what Pillow reads from it.
 * `pixels/make_pixels.py` makes the table.
 *
 * @module
 */
import "../../native.ts";
import { assert, assertEquals, assertRejects } from "@std/assert";
import { extname } from "@std/path";
import { inflateSync } from "node:zlib";
import { decodeImage } from "../../../src/data/codec/decode.ts";

/** A file, and for each number of channels where Pillow's pixels lie. */
interface Entry {
  readonly name: string;
  readonly at: number;
  readonly length: number;
  readonly size: readonly [width: number, height: number];
  readonly [channels: `${number}`]: readonly [at: number, length: number] | undefined;
}

const FOLDER = new URL("pixels/", import.meta.url);
const unpack = async (name: string) =>
  new Uint8Array(inflateSync(await Deno.readFile(new URL(name, FOLDER))));
const [files, pixels] = [await unpack("files.bin"), await unpack("pixels.bin")];
const table: Entry[] = JSON.parse(await Deno.readTextFile(new URL("table.json", FOLDER)));

/** The greatest difference from Pillow, where it is not 0: floats keep what is below a grey level. */
const DIFFERENCES: readonly (readonly [name: RegExp, most: number, why: string])[] = [
  [/\.avif$/, 2, "Pillow's libavif turns Y′CbCr to RGB by libyuv, ours by itself"],
  [/^YCbCr\.jp2$/, 1, "Y′CbCr is turned in floats"],
  [/^LAB\.tif$/, 3, "Pillow's LittleCMS interpolates in tables"],
  [/^CMYK.*\.jpg$/, 1, "another libjpeg decodes inks"],
];
/** What Pillow reads and Deino does not, with the words that say so. */
const UNREAD: Readonly<Record<string, string>> = {
  "signed16.tif": "signed integers of 16 bits are not read",
  "float32.tif": "floats of 32 bits are not read",
  "uint32.tif": "integers of 32 bits are not read",
  "RGBA.jp2": "4 samples a pixel are not read",
  "LA.jp2": "2 samples a pixel are not read",
};
/** Where an unspecified last sample stays, that Pillow drops: it may be a band beyond the colours. */
const KEEPS_BANDS = [
  "_rgba8_unspecified.tif 4",
  "_rgba16_unspecified.tif 4",
  "_la8_unspecified.tif 2",
];
/** Where Pillow gives a transparent pixel another gray than its colour's. */
const UNEQUAL_UNDER_KEY = ["rgb8_key_some.png 2", "rgb16_key_some.png 2"];

for (const ending of new Set(table.map(({ name }) => extname(name)))) {
  Deno.test(`${ending} files of the table decode to Pillow's pixels, to 1 to 4 channels`, async () => {
    for (const entry of table.filter(({ name }) => extname(name) === ending)) {
      for (const channels of [1, 2, 3, 4] as const) await compare(entry, channels);
    }
  });
}

async function compare(entry: Entry, channels: 1 | 2 | 3 | 4): Promise<void> {
  const { name, at, length, size } = entry;
  const place = entry[`${channels}`];
  const title = `${name} ${channels}`;
  const decoding = () => decodeImage(files.slice(at, at + length), { channels });
  if (UNREAD[name] !== undefined) {
    const { message } = await assertRejects(decoding, Error);
    assert(message.includes(UNREAD[name]), `${title}: ${message}`);
    return;
  }
  const isOurs = [...KEEPS_BANDS, ...UNEQUAL_UNDER_KEY].some((ours) => title.endsWith(ours));
  if (place === undefined || isOurs) return;
  const image = await decoding();
  assertEquals([image.width, image.height], [...size], title);
  const expected = pixels.subarray(place[0], place[0] + place[1]);
  assertEquals(image.pixels.length, expected.length, title);
  const most = DIFFERENCES.find(([names]) => names.test(name))?.[1] ?? 0;
  const slack = image.pixels instanceof Float32Array ? 0.5 : 0;
  const greatest = expected.reduce(
    (greatest, value, i) => Math.max(greatest, Math.abs(value - image.pixels[i])),
    0,
  );
  assert(greatest <= most + slack, `${title}: ${greatest} from Pillow`);
}

Deno.test("what is not as Pillow reads it stays what the file holds", async () => {
  const decode = (name: string, channels: number) => {
    const { at, length } = table.find((entry) => entry.name === name)!;
    return decodeImage(files.slice(at, at + length), { channels });
  };
  const bands = await decode("little_rgba8_unspecified.tif", 4);
  assertEquals(
    bands.pixels.subarray(4, 8),
    (await decode("little_rgba8_unassalpha.tif", 4)).pixels.subarray(4, 8),
  );
  const keyed = await decode("rgb8_key_some.png", 2);
  const gray = await decode("rgb8_key_some.png", 1);
  assertEquals(keyed.pixels.filter((_, i) => i % 2 === 0), gray.pixels);
});

Deno.test("damage that leaves the pixels whole is noted, and sound files have no notes", async () => {
  const notesOf = async (name: string) => {
    const { at, length } = table.find((entry) => entry.name === name)!;
    return (await decodeImage(files.slice(at, at + length))).notes;
  };
  assertEquals(await notesOf("checksum_rgb.png"), ["the PNG is damaged (checksum of IDAT)"]);
  assertEquals(await notesOf("no_end.png"), ["the PNG is cut off"]);
  assertEquals(await notesOf("rgb8.png"), undefined);
});
