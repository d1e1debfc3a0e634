import {
  LIBRARY_FORMATS,
  type LibraryCandidate,
  type LibraryFormat,
  readDecoderLibrary,
} from "../../install/decoder_libraries.ts";
import { tryApart } from "./decode_apart.ts";
import { openLibjpeg } from "./libjpeg.ts";

/** Who decodes a format. */
export type DecoderChoice = LibraryCandidate | { readonly name: "wasm" };

/** Who decodes each format. */
export type DecoderChoices = Readonly<Record<LibraryFormat, DecoderChoice>>;

let chosen: Partial<Record<LibraryFormat, DecoderChoice>> = {};

/** Opens a library, or tries whether it can be. */
const TRIALS: Readonly<Record<LibraryFormat, (path: string) => void>> = {
  "JPEG": openLibjpeg,
  "AVIF": (path) => tryApart({ format: "avif", library: path }),
  "JPEG 2000": (path) => tryApart({ format: "jpeg2000", library: path }),
};

/**
 * Who decodes a format: the library that Pillow ships, else the system's, else WebAssembly. `DEINO_JPEG`, `DEINO_AVIF` or
 * `DEINO_JPEG2000` set to `pillow`, `system` or `wasm` asks for one of them. The first call tries the libraries.
 *
 * @throws {Error} If the one asked for cannot be opened.
 */
export function decoderOf(format: LibraryFormat): DecoderChoice {
  return chosen[format] ??= choose(format);
}

/**
 * Who decodes every format, for {@linkcode adoptDecoders} of other threads.
 *
 * @throws {Error} If one that is asked for cannot be opened.
 */
export function chooseDecoders(): DecoderChoices {
  const choices = LIBRARY_FORMATS.map((format) => [format, decoderOf(format)]);
  return Object.fromEntries(choices);
}

/** Has this thread decode by what another chose. */
export function adoptDecoders(choices: DecoderChoices): void {
  chosen = { ...choices };
}

function choose(format: LibraryFormat): DecoderChoice {
  const { variable, asked, candidates } = readDecoderLibrary(format);
  const reasons: string[] = [];
  for (const candidate of candidates) {
    try {
      TRIALS[format](candidate.path);
      return candidate;
    } catch (error) {
      reasons.push(`${candidate.name}: ${(error as Error).message}`);
    }
  }
  if (asked === undefined || asked === "wasm") return { name: "wasm" };
  throw new Error(
    `Cannot decode ${format} by ${variable}=${asked}: ${
      reasons.join("; ") || "it was not found"
    }. ` +
      `Run \`deno task build\`, or unset ${variable}`,
  );
}
