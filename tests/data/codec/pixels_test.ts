import "../../native.ts";
import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { extname, fromFileUrl } from "@std/path";
import { decodeImage } from "../../../src/data/codec/decode.ts";
import { readCameraOrientation } from "../../../src/data/codec/image_header.ts";
import { decoderOf } from "../../../src/data/pixels/decoder_choice.ts";
import {
  LIBRARY_FORMATS,
  type LibraryFormat,
  readDecoderLibrary,
} from "../../../src/install/decoder_libraries.ts";
import {
  CHANNELS,
  differenceFromPillow,
  type PixelDifferences,
  UNREAD,
} from "./pixel_differences.ts";
import { bytesOf, pixelFiles } from "./pixel_table.ts";
import { writePng } from "./write_png.ts";

/** Files with the greatest difference of their bytes from Pillow's. */
type Differences = readonly (readonly [name: RegExp, most: number])[];

/** Formats that several libraries decode: the names of their files, and how far each library's pixels are from Pillow's. */
const LIBRARIES: Readonly<
  Record<LibraryFormat, { files: RegExp; pillow: Differences; wasm: Differences }>
> = {
  "JPEG": {
    files: /\.jpg$|jpeg.*\.tif$/,
    pillow: [],
    wasm: [[/CMYK(_progressive)?\.(jpg|tif)$/, 1]], // another libjpeg decodes inks
  },
  "AVIF": {
    files: /\.avif$/,
    pillow: [],
    wasm: [[/^bits12/, 3], [/./, 2]], // Pillow's libavif turns Y′CbCr to RGB by libyuv, that one by itself
  },
  "JPEG 2000": {
    files: /\.j(p2|2k)$/,
    pillow: [],
    wasm: [[/^(YCbCr|ycc42\d)\.jp2$/, 1]], // turned in floats
  },
};
/** The greatest difference from Pillow of what only we decode, where it is not 0. */
const DIFFERENCES: Differences = [
  [/^LAB\.tif$/, 1], // Pillow's LittleCMS has a matrix of a few more digits
];
/** Where an unspecified last sample stays, that Pillow drops: it may be a band beyond the colours. */
const KEEPS_BANDS = [
  "_rgba8_unspecified.tif 4",
  "_rgba16_unspecified.tif 4",
  "_la8_unspecified.tif 2",
];

for (const ending of new Set(pixelFiles.map(extname))) {
  Deno.test(`${ending} files decode to Pillow's pixels, to 1 to 4 channels`, async () => {
    for (const name of pixelFiles.filter((name) => extname(name) === ending)) {
      for (const channels of CHANNELS) await compare(name, channels);
    }
  });
}

async function compare(name: string, channels: typeof CHANNELS[number]): Promise<void> {
  const title = `${name} ${channels}`;
  if (UNREAD[name] !== undefined) {
    const { message } = await assertRejects(() => decodeImage(bytesOf(name), { channels }), Error);
    assert(message.includes(UNREAD[name]), `${title}: ${message}`);
    return;
  }
  if (KEEPS_BANDS.some((ours) => title.endsWith(ours))) return;
  const format = LIBRARY_FORMATS.find((format) => LIBRARIES[format].files.test(name));
  const differences = format && decoderOf(format).name === "wasm"
    ? LIBRARIES[format].wasm
    : DIFFERENCES;
  const difference = await differenceFromPillow(name, channels) ?? 0;
  assert(difference <= mostOf(differences, name), `${title}: ${difference} from Pillow`);
}

function mostOf(differences: Differences, name: string): number {
  return differences.find(([names]) => names.test(name))?.[1] ?? 0;
}

for (const format of LIBRARY_FORMATS) {
  const { variable, candidates } = readDecoderLibrary(format);
  const here = candidates.filter(({ path }) => canOpen(path)).map(({ name }) => name);
  for (const decoder of ["pillow", "system", "wasm"] as const) {
    Deno.test({
      name: `${format} decoded by ${decoder} differs from Pillow by what is listed, and says so`,
      ignore: decoder !== "wasm" && !here.includes(decoder),
      fn: async () => {
        const { files, ...differences } = LIBRARIES[format];
        const expected = decoder === "system" ? differences.pillow : differences[decoder];
        const config = fromFileUrl(new URL("../../../deno.json", import.meta.url));
        const program = fromFileUrl(new URL("pixel_differences.ts", import.meta.url));
        const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
          args: ["run", "-A", "--no-check", "--config", config, program, files.source],
          env: { [variable]: decoder },
        }).output();
        assertEquals(new TextDecoder().decode(stderr), "");
        const printed: PixelDifferences = JSON.parse(new TextDecoder().decode(stdout));
        for (const [name, difference] of Object.entries(printed.differences)) {
          assert(difference <= mostOf(expected, name), `${name}: ${difference} from Pillow`);
        }
        const name = format.toLowerCase().replace(" ", "");
        assertMatch(printed.version, new RegExp(` ${name}:${decoder} `));
      },
    });
  }
}

function canOpen(path: string): boolean {
  try {
    Deno.dlopen(path, {}).close();
    return true;
  } catch {
    return false;
  }
}

Deno.test("where pixels differ from Pillow's, they are those that the file holds", async () => {
  const decode = (name: string, channels: number) => decodeImage(bytesOf(name), { channels });
  const bands = await decode("little_rgba8_unspecified.tif", 4);
  const alpha = await decode("little_rgba8_unassalpha.tif", 4);
  assertEquals(bands.pixels, alpha.pixels);
});

Deno.test("damage that leaves the pixels whole is noted, and sound files have no notes", async () => {
  const notesOf = async (name: string) => (await decodeImage(bytesOf(name))).notes;
  assertEquals(await notesOf("checksum_rgb.png"), ["the PNG is damaged (checksum of IDAT)"]);
  assertEquals(await notesOf("no_end.png"), ["the PNG is cut off"]);
  assertEquals(await notesOf("rows_missing.png"), ["the PNG is damaged (rows are missing)"]);
  assertEquals(await notesOf("rgb8.png"), undefined);
  const image = { width: 2, height: 1, values: [70, 80] };
  const { pixels, notes } = await decodeImage(writePng({ ...image, hasWrongChecksum: true }));
  assertEquals(pixels, Uint8Array.of(70, 70, 70, 80, 80, 80));
  assertEquals(notes, ["the PNG is damaged (checksum of its samples)"]);
  const twice = writePng({ ...image, hasWrongChecksum: true });
  twice[twice.length - 13] ^= 1; // the last byte of the chunk's own checksum
  await assertRejects(() => decodeImage(twice), Error, "the PNG is damaged (checksum of IDAT)");
});

Deno.test("exif=apply turns pictures of every format as their orientation says", async () => {
  const upright = (await decodeImage(bytesOf("exif1.webp"), { exif: "apply" })).pixels;
  for (let n = 1; n <= 8; n++) {
    const turned = await decodeImage(bytesOf(`exif${n}.webp`), { exif: "apply" });
    const tiff = await decodeImage(bytesOf(`orientation${n}.tif`), { exif: "apply" });
    assertEquals(turned, tiff, `orientation ${n}`); // Pillow turns TIFFs itself
    assertEquals([...turned.pixels].sort(), [...upright].sort());
  }
  const png = await decodeImage(bytesOf("exif6.png"), { exif: "apply" });
  assertEquals(png, await decodeImage(bytesOf("orientation6.tif")));
  const jpeg = await decodeImage(bytesOf("exif6.jpg"), { exif: "apply" });
  assertEquals([jpeg.width, jpeg.height], [24, 40]);
  const corner = (await decodeImage(bytesOf("exif6.jpg"))).pixels.slice(0, 3);
  assertEquals(jpeg.pixels.slice(23 * 3, 24 * 3), corner);
});

Deno.test("an image of more pixels than allowed is refused before it is unpacked", async () => {
  const bytes = bytesOf("rgb8.png");
  assertEquals((await decodeImage(bytes, { maxPixels: 13 * 9 })).width, 13);
  await assertRejects(
    () => decodeImage(bytes, { maxPixels: 13 * 9 - 1 }),
    Error,
    "13x9 pixels exceed the limit of 116",
  );
});

Deno.test("a file is read alike wherever it lies in memory, and is left as it is", async () => {
  for (const name of pixelFiles) {
    const bytes = bytesOf(name);
    const memory = new Uint8Array(bytes.length + 11).fill(0x5a);
    memory.set(bytes, 5);
    const inside = memory.subarray(5, 5 + bytes.length);
    const read = async (file: Uint8Array<ArrayBuffer>) => [
      await decodeImage(file, { exif: "apply" }).catch((error) => error.message),
      await readCameraOrientation(file).catch((error) => error.message),
    ];
    assertEquals(await read(inside), await read(bytes), name);
    assertEquals(inside, bytes, name);
  }
});
