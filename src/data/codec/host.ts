/**
 * WebP and BMP decoding by the runtime.
 *
 * @module
 */
import type { DecodedImage } from "../image.ts";
import { decodePng } from "./wasm.ts";

/**
 * Decodes WebP or BMP bytes; transparency is dropped.
 *
 * The runtime decodes to an opaque bitmap, and the only way to its pixels is through a lossless
 * PNG: about three times the cost of a JPEG of the same size.
 *
 * @throws {Error} If the file is damaged or cut off.
 */
export async function decodeByHost(bytes: Uint8Array<ArrayBuffer>): Promise<DecodedImage> {
  const bitmap = await createImageBitmap(new Blob([bytes]));
  const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
  canvas.getContext("bitmaprenderer")!.transferFromImageBitmap(bitmap);
  const png = await canvas.convertToBlob({ type: "image/png" });
  return await decodePng(await png.bytes());
}
