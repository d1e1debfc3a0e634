import "../../native.ts";
import { assert, assertEquals, assertRejects } from "@std/assert";
import { concat } from "@std/bytes/concat";
import { decodeImage } from "../../../src/data/codec/decode.ts";
import { encodeJpeg } from "../../../src/data/codec/encode_jpeg.ts";
import { writeTiff } from "./write_tiff.ts";

const [START, JFIF, FRAME, SCAN] = [0xd8, 0xe0, 0xc0, 0xda];

/** A JPEG of smooth colours without its JFIF segment, so that nothing in it tells colours: its tables, and the rest. */
async function jpeg(width: number, height: number) {
  const pixels = Uint8Array.from({ length: 3 * width * height }, (_, i) => {
    const x = Math.floor(i / 3) % width, y = Math.floor(i / 3 / width);
    return [100 + 3 * x, 90 + 4 * y, 160 - 2 * x][i % 3];
  });
  const file = await encodeJpeg({ width, height, pixels });
  const parts: [marker: number, segment: Uint8Array][] = [];
  for (let at = 2; parts.at(-1)?.[0] !== SCAN;) {
    const end = file[at + 1] === SCAN ? file.length : at + 2 + (file[at + 2] << 8 | file[at + 3]);
    parts.push([file[at + 1], file.subarray(at, end)]);
    at = end;
  }
  const of = (wanted: (marker: number) => boolean) =>
    concat([
      Uint8Array.of(0xff, START),
      ...parts.filter(([marker]) => wanted(marker)).map(([, segment]) => segment),
    ]);
  const isRest = (marker: number) => [FRAME, SCAN].includes(marker);
  return {
    pixels,
    tables: concat([of((marker) => marker !== JFIF && !isRest(marker)), Uint8Array.of(0xff, 0xd9)]),
    rest: of(isRest),
    whole: of((marker) => marker !== JFIF),
  };
}

/** The pixels of a TIFF of a JPEG block in one strip. */
async function decode(
  stored: Uint8Array,
  [width, height]: readonly [number, number],
  { photometric = 6, samples = 3, tags = {} } = {},
) {
  const image = { width, height, samples, photometric, values: [], stored };
  const tiff = writeTiff({ ...image, tags: { 259: [7], 530: [1, 1], ...tags } });
  return [...(await decodeImage(tiff)).pixels];
}

/** Bytes as numbers of 32 bits, filled before the mark of their end. */
function words(bytes: Uint8Array): number[] {
  const fill = new Uint8Array((4 - bytes.length % 4) % 4).fill(0xff);
  const all = concat([bytes.subarray(0, -2), fill, bytes.subarray(-2)]);
  return [...new Uint32Array(all.buffer)];
}

Deno.test("the TIFF says what the colours of a block are, not the JPEG", async () => {
  const { whole, pixels } = await jpeg(16, 16);
  const seen = await decode(whole, [16, 16]);
  assert(seen.every((value, i) => Math.abs(value - pixels[i]) <= 3));
  const stored = await decode(whole, [16, 16], { photometric: 2 });
  for (let i = 0; i < stored.length; i += 3) { // ITU-R BT.601
    const [y, cb, cr] = [stored[i], stored[i + 1] - 128, stored[i + 2] - 128];
    const rgb = [y + 1.402 * cr, y - 0.34414 * cb - 0.71414 * cr, y + 1.772 * cb];
    assert(rgb.every((value, c) => Math.abs(value - seen[i + c]) <= 2), `${rgb}`);
  }
});

Deno.test("tables may stand in a tag, and a block that is larger than its picture is cut", async () => {
  const { whole, tables, rest } = await jpeg(16, 16);
  const seen = await decode(whole, [16, 16]);
  assertEquals(await decode(rest, [16, 16], { tags: { 347: words(tables) } }), seen);
  const rows = (columns: number, count: number) =>
    Array.from({ length: count }, (_, y) => seen.slice(48 * y, 48 * y + 3 * columns)).flat();
  assertEquals(await decode(whole, [13, 9]), rows(13, 9));
  assertEquals(await decode(whole, [16, 9]), rows(16, 9));
  const tile = { 322: [16], 323: [16], 324: [8], 325: [whole.length], 273: [], 278: [], 279: [] };
  assertEquals(await decode(whole, [5, 3], { tags: tile }), rows(5, 3));
});

Deno.test("a block of other samples, smaller than its place, or far larger, is refused", async () => {
  const { whole } = await jpeg(16, 16);
  const refused = (reason: string, ...block: Parameters<typeof decode>) =>
    assertRejects(() => decode(...block), Error, reason);
  await refused("16x16x3 in a block of 17x16x3", whole, [17, 16]);
  await refused("16x16x3 in a block of 16x17x3", whole, [16, 17]);
  await refused("16x16x3 in a block of 16x16x1", whole, [16, 16], { photometric: 1, samples: 1 });
  const frame = whole.findIndex((byte: number, i: number) =>
    byte === 0xff && whole[i + 1] === FRAME
  );
  const large = whole.slice();
  new DataView(large.buffer).setUint32(frame + 5, 1025 << 16 | 1025);
  await refused("a JPEG larger than its block", large, [16, 16]);
});
