import config from "../../../deno.json" with { type: "json" };
import { jpegDecoder } from "../pixels/libjpeg.ts";

/** Raised whenever our own code comes to decode some file, or to resize it for evaluation, to different pixels. */
const REVISION = 8;

/** The packages that decode other formats than JPEG, and those that decode JPEG where no libjpeg is found. */
const PACKAGES = ["@cornerstonejs/codec-openjpeg/", "@jsquash/avif/", "@jsquash/webp/"] as const;
const JPEG_PACKAGES = ["@jsquash/jpeg/", "imagescript/"] as const;

/**
 * Which decoders are used, with their versions. Where this is equal, so are the pixels of every file.
 *
 * @throws {Error} If the libjpeg that `DEINO_JPEG` asks for cannot be opened.
 */
export function decoderVersion(): string {
  const { name } = jpegDecoder();
  const packages = [...PACKAGES, ...name === "wasm" ? JPEG_PACKAGES : []]
    .map((name) => config.imports[name].replace(/^npm:\/|\/$/g, ""));
  return [`deino@${REVISION}`, `jpeg:${name}`, ...packages].join(" ");
}
