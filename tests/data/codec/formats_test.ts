import "../../native.ts";
import { assertEquals, assertRejects } from "@std/assert";
import { decodeImage } from "../../../src/data/codec/decode.ts";
import { IMAGE_ENDINGS } from "../../../src/data/codec/formats.ts";
import { bytesOf } from "./pixel_table.ts";

Deno.test("these file name endings are taken for images", () => {
  const endings = "avif bmp gif j2k jfif jp2 jpe jpeg jpg jpx pbm pgm png pnm ppm tif tiff webp";
  assertEquals([...IMAGE_ENDINGS].sort().map((ending) => ending.slice(1)).join(" "), endings);
});

Deno.test("an AVIF is known by its first brand, or by one among those that it conforms to", async () => {
  const known = async (brands: string) => {
    const head = new TextEncoder().encode(
      `\0\0\0${String.fromCharCode(8 + brands.length)}ftyp${brands}`,
    );
    const { message } = await assertRejects(() => decodeImage(new Uint8Array(head)), Error);
    return message === "the AVIF has no box meta";
  };
  const avif = ["avif\0\0\0\0", "avis\0\0\0\0", "mif1\0\0\0\0mif1avif", "msf1\0\0\0\0msf1avis"];
  assertEquals(await Promise.all([...avif, "miaf\0\0\0\navif"].map(known)), Array(5).fill(true));
  assertEquals(await Promise.all(["mif1\0\0\0\0heic", "heic\0\0\0\0avif"].map(known)), [
    false,
    false,
  ]);
});

Deno.test("an image may have 178,956,970 pixels, as in Pillow, unless another limit is given", async () => {
  const png = bytesOf("rgb8.png");
  const refusal = async (width: number) => {
    const bytes = png.slice(); // whose header no longer has its checksum
    new DataView(bytes.buffer).setUint32(16, width);
    new DataView(bytes.buffer).setUint32(20, 1);
    return (await assertRejects(() => decodeImage(bytes), Error)).message;
  };
  const limit = 178_956_970;
  assertEquals(await refusal(limit + 1), `178956971x1 pixels exceed the limit of ${limit}`);
  assertEquals(
    await refusal(limit),
    "damaged or unsupported PNG (the PNG is damaged (checksum of IHDR))",
  );
});
