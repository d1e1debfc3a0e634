import jpeg from "@jsquash/jpeg/package.json" with { type: "json" };
import imagescript from "imagescript/package.json" with { type: "json" };

/** Raised whenever our own code decodes some file to other pixels than before. */
const REVISION = 1;

/** What images are decoded by, with versions. Where two of them are equal, so are the pixels of every file. */
export function decoderVersion(): string {
  const packages = [jpeg, imagescript].map(({ name, version }) => `${name}@${version}`);
  return [`deino@${REVISION}`, ...packages].join(" ");
}
