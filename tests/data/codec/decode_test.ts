import "../../native.ts";
import { assert, assertEquals, assertRejects } from "@std/assert";
import { decodeImage } from "../../../src/data/codec/decode.ts";
import type { DecodedImage } from "../../../src/data/image.ts";

const IMAGES = new URL("../images/", import.meta.url);

/** Bytes of the made image that most samples show: 40x30 pixels. */
async function decode(name: string): Promise<DecodedImage> {
  return await decodeImage(await Deno.readFile(new URL(name, IMAGES)));
}

function meanDifference(a: DecodedImage, b: DecodedImage): number {
  assertEquals([a.width, a.height], [b.width, b.height]);
  return Array.from(a.pixels).reduce((sum, value, i) => sum + Math.abs(value - b.pixels[i]), 0) /
    a.pixels.length;
}

for (
  const name of [
    "alpha.png",
    "raw.tif",
    "lzw.tif",
    "deflate.tif",
    "packbits.tif",
    "lossless.webp",
    "rgb.bmp",
    "png_called.jpg",
  ]
) {
  Deno.test(`${name} decodes to the original's exact pixels`, async () => {
    assertEquals(await decode(name), await decode("rgb.png"));
  });
}

for (
  const [name, expected] of [
    ["palette.png", "palette.png"],
    ["palette.tif", "palette.png"],
    ["bilevel.png", "bilevel.png"],
    ["bilevel.tif", "bilevel.png"],
    ["gray16.png", "gray16.png"],
    ["gray16.tif", "gray16.png"],
    ["animated.gif", "animated.gif"],
    ["rgb.jpg", "rgb.jpg"],
    ["progressive.jpg", "progressive.jpg"],
    ["gray.jpg", "gray.jpg"],
  ]
) {
  Deno.test(`${name} decodes to the pixels Pillow reads`, async () => {
    assertEquals(await decode(name), await decode(`expected/${expected}.png`));
  });
}

Deno.test("cmyk.jpg decodes to within a grey level of Pillow on average", async () => {
  assert(meanDifference(await decode("cmyk.jpg"), await decode("expected/cmyk.jpg.png")) < 0.6);
});

Deno.test("a CMYK TIFF decodes to the colours it was made from", async () => {
  assert(meanDifference(await decode("cmyk.tif"), await decode("rgb.png")) < 1);
});

Deno.test("an orientation tag is ignored, as the reference ignores it", async () => {
  assertEquals(await decode("rotated_by_exif.jpg"), await decode("rgb.jpg"));
});

Deno.test("images of one pixel and of 12,000 columns decode", async () => {
  assertEquals((await decode("one_pixel.png")).pixels.length, 3);
  const wide = await decode("wide.png");
  assertEquals([wide.width, wide.height, wide.pixels[3 * 11999]], [12000, 3, 11999 % 256]);
});

for (
  const [name, reason] of [
    ["text.jpg", "not an image of a known format"],
    ["empty.jpg", "the file is empty"],
    ["cut_off.jpg", "damaged or unsupported JPEG"],
    ["cut_off.png", "damaged or unsupported PNG"],
    ["cut_off.gif", "damaged or unsupported GIF"],
    ["cut_off.tif", "TIFF"],
    ["bomb.png", "60000x60000 pixels exceed the limit"],
  ]
) {
  Deno.test(`${name} is refused with a reason`, async () => {
    await assertRejects(() => decode(name), Error, reason);
  });
}

Deno.test("no damage to a file is worse than a refusal", async () => {
  for (const name of ["rgb.jpg", "rgb.png", "animated.gif", "lzw.tif", "deflate.tif", "rgb.bmp"]) {
    const sound = await Deno.readFile(new URL(name, IMAGES));
    for (let at = 0; at < sound.length; at += Math.ceil(sound.length / 40)) {
      const damaged = sound.slice();
      damaged[at] ^= 0xff;
      try {
        const image = await decodeImage(damaged);
        assertEquals(image.pixels.length, image.width * image.height * 3);
      } catch (error) {
        assert(error instanceof Error && /JPEG|PNG|GIF|TIFF|BMP|known|limit/.test(error.message));
      }
    }
  }
});

Deno.test("a decoder serves on after a damaged file", async () => {
  await assertRejects(() => decode("cut_off.jpg"));
  assertEquals((await decode("rgb.jpg")).width, 40);
});

Deno.test("files that end within what tells their pixels are told as cut off", async () => {
  const cut = async (name: string, length: number) => {
    const bytes = (await Deno.readFile(new URL(name, IMAGES))).slice(0, length);
    return (await assertRejects(() => decodeImage(bytes), Error)).message;
  };
  assertEquals(await cut("rgb.bmp", 20), "the BMP header is cut off");
  const reason = "(it is cut off or damaged)";
  assertEquals(await cut("rgb.bmp", 40), `damaged or unsupported BMP ${reason}`);
  assertEquals(await cut("animated.gif", 8), "the GIF header is cut off");
});
