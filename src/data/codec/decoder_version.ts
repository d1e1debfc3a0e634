import config from "../../../deno.json" with { type: "json" };
import { jpegDecoder } from "../pixels/libjpeg.ts";

/** Raised whenever our own code decodes some file, or resizes it for an evaluation, to other pixels than before. */
const REVISION = 6;

/** The packages that decode what is no JPEG, and those that decode JPEG where there is no libjpeg. */
const PACKAGES = ["@cornerstonejs/codec-openjpeg/", "@jsquash/avif/", "@jsquash/webp/"] as const;
const JPEG_PACKAGES = ["@jsquash/jpeg/", "imagescript/"] as const;

/**
 * What images are decoded by, with versions. Where two of them are equal, so are the pixels of every file.
 *
 * @throws {Error} If the libjpeg that `DEINO_JPEG` asks for cannot be opened.
 */
export function decoderVersion(): string {
  const { name } = jpegDecoder();
  const packages = [...PACKAGES, ...name === "wasm" ? JPEG_PACKAGES : []]
    .map((name) => config.imports[name].replace(/^npm:\/|\/$/g, ""));
  return [`deino@${REVISION}`, `jpeg:${name}`, ...packages].join(" ");
}
