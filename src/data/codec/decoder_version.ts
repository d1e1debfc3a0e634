import config from "../../../deno.json" with { type: "json" };

/** Raised whenever our own code decodes some file to other pixels than before. */
const REVISION = 3;

/** The packages that decode. */
const PACKAGES = [
  "@cornerstonejs/codec-openjpeg/",
  "@jsquash/avif/",
  "@jsquash/jpeg/",
  "@jsquash/webp/",
  "imagescript/",
] as const;

/** What images are decoded by, with versions. Where two of them are equal, so are the pixels of every file. */
export function decoderVersion(): string {
  const packages = PACKAGES.map((name) => config.imports[name].replace(/^npm:\/|\/$/g, ""));
  return [`deino@${REVISION}`, ...packages].join(" ");
}
