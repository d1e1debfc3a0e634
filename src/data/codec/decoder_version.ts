import config from "../../../deno.json" with { type: "json" };
import { LIBRARY_FORMATS, type LibraryFormat } from "../../install/decoder_libraries.ts";
import { decoderOf } from "../pixels/decoder_choice.ts";

/** Raised whenever our own code comes to decode some file, or to resize it for evaluation, to different pixels. */
const REVISION = 9;

/** The packages that decode a format where no library is found. */
const PACKAGES: Readonly<Record<LibraryFormat, readonly (keyof typeof config.imports)[]>> = {
  "JPEG": ["@jsquash/jpeg/", "imagescript/"],
  "AVIF": ["@jsquash/avif/"],
  "JPEG 2000": ["@cornerstonejs/codec-openjpeg/"],
};

/**
 * Which decoders are used, with their versions. Where this is equal, so are the pixels of every file.
 *
 * @throws {Error} If a library that `DEINO_JPEG`, `DEINO_AVIF` or `DEINO_JPEG2000` asks for cannot be opened.
 */
export function decoderVersion(): string {
  const decoders = LIBRARY_FORMATS.flatMap((format) => {
    const { name } = decoderOf(format);
    const packages = name === "wasm" ? PACKAGES[format].map(versionOf) : [];
    return [`${format.toLowerCase().replace(" ", "")}:${name}`, ...packages];
  });
  return [`deino@${REVISION}`, ...decoders, versionOf("@jsquash/webp/")].join(" ");
}

function versionOf(name: keyof typeof config.imports): string {
  return config.imports[name].replace(/^npm:\/|\/$/g, "");
}
