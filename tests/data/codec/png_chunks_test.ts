import { assertEquals, assertRejects } from "@std/assert";
import { concat } from "@std/bytes/concat";
import { decodeImage } from "../../../src/data/codec/decode.ts";
import { pngChunk } from "../../../src/data/codec/png_chunks.ts";
import { writePng } from "./write_png.ts";

/** A PNG of two pixels of a palette, as its chunks. */
const png = writePng({ width: 2, height: 1, type: 3, values: [0, 1] });
const [head, palette, data] = [[0, 33], [33, 33 + 12 + 768], [813]].map((at) =>
  png.subarray(...at)
);
const rgba = async (...parts: Uint8Array[]) => await decodeImage(concat(parts), { channels: 4 });
const damaged = (chunk: Uint8Array) => chunk.with(chunk.length - 1, chunk.at(-1)! ^ 1);
const refused = (reason: string, ...parts: Uint8Array[]) =>
  assertRejects(() => rgba(...parts), Error, reason);

Deno.test("whole colours of the last palette before the samples and the last alphas count, as in Pillow; unknown chunks and bytes after the end do not", async () => {
  const seen = [255, 254, 254, 9, 254, 253, 253, 255];
  const alphas = pngChunk("tRNS", Uint8Array.of(9));
  const others = [pngChunk("PLTE", new Uint8Array(6)), pngChunk("tRNS", Uint8Array.of(5, 5))];
  const found = await rgba(head, ...others, palette, alphas, pngChunk("iTXt"), data, head);
  assertEquals([[...found.pixels], found.notes], [seen, undefined]);
  const [samples, end] = [data.subarray(0, -12), data.subarray(-12)];
  const torn = await rgba(head, pngChunk("PLTE", Uint8Array.of(1, 2, 3, 4, 5)), data);
  assertEquals([...torn.pixels], [1, 2, 3, 255, 0, 0, 0, 255]);
  const behind = await rgba(head, palette, samples, others[0], alphas, end);
  assertEquals([...behind.pixels], seen);
});

Deno.test("damage before the samples is fatal, as in Pillow; of what follows it is noted, eight times at most", async () => {
  await refused("checksum of PLTE", head, damaged(palette), data);
  await refused("checksum of IHDR", damaged(head), palette, data);
  await refused("the PNG has no palette", head, data);
  const torn = data.with(10, 0xff); // within its compressed samples
  await refused("the PNG is damaged (checksum of IDAT)", head, palette, torn);
  await refused("checksum of tRNS", head, palette, damaged(pngChunk("tRNS")), data);
  await refused("checksum of tEXt", head, palette, damaged(pngChunk("tEXt")), data);
  await refused("the name of a chunk", head, palette, pngChunk("tE\0t"), data);
  const chunks = Array.from({ length: 9 }, (_, i) => damaged(pngChunk(`ab${i}c`)));
  const [samples, end] = [data.subarray(0, -12), data.subarray(-12)];
  const { notes } = await rgba(head, palette, samples, ...chunks, ...chunks, end);
  const cutOff = await rgba(head, palette, samples, end.subarray(0, 2));
  assertEquals(cutOff.notes, ["the PNG is cut off"]);
  const told = Array.from({ length: 8 }, (_, i) => `the PNG is damaged (checksum of ab${i}c)`);
  assertEquals(notes, told);
});

Deno.test("a header stands first, has thirteen bytes or more, names any compression, and is the only one", async () => {
  const xcode = concat([
    head.subarray(0, 8),
    pngChunk("CgBI", new Uint8Array(4)),
    head.subarray(8),
  ]);
  await refused("a PNG as Xcode stores it is not read", xcode, palette, data);
  const long = pngChunk("IHDR", concat([head.subarray(16, 29), Uint8Array.of(0)]));
  const mark = head.subarray(0, 8);
  const short = pngChunk("IHDR", head.subarray(16, 28));
  await refused("the PNG has no header", mark, short, palette, data);
  const compressed = pngChunk("IHDR", head.subarray(16, 29).with(10, 1));
  for (const header of [long, compressed]) { // as in Pillow
    assertEquals(
      await rgba(mark, header, palette, data),
      await rgba(head, palette, data),
    );
  }
  const first = pngChunk("PLTE", Uint8Array.of(0, 0, 0, 2, 0, 0, 0, 1, 0)); // whose content looks like a size
  await refused("does not begin with its one header", mark, first, head.subarray(8), data);
});
