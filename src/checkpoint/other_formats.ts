import type { InputFile } from "../files/input_file.ts";
import { standIn } from "../files/stand_in.ts";

/** Bytes to know a format by: a tar's mark lies at 257. */
const HEAD = 512;

/** What is often given for weights, by how it begins; characters are bytes. */
const FORMATS: readonly (readonly [begin: string | RegExp, what: string])[] = [
  [
    /^[\s\xef\xbb\xbf]*[{[]/,
    "it is JSON. For a model in several files, pass their folder",
  ],
  ["\x1f\x8b", "it is packed by gzip: unpack it with gunzip, or with tar -xzf"],
  ["7z\xbc\xaf\x27\x1c", "it is an archive of 7-Zip: unpack it"],
  ["Rar!", "it is an archive of RAR: unpack it"],
  [/^[\s\S]{257}ustar/, "it is a tar archive: unpack it with tar -xf"],
  ["\x89HDF\r\n", "it holds weights of Keras or TensorFlow (HDF5)"],
  ["GGUF", "it is a language model in GGUF"],
  ["\x93NUMPY", "it is a single array of NumPy"],
  [/^(\x89PNG|\xff\xd8\xff|GIF8|RIFF)/, "it is an image"],
  [/^[\b]\p{Cc}(:|\p{Cc}\p{Cc}\w)/u, "it is a program in ONNX"],
];

/**
 * Refuses a file that is something else than weights, by name and with a way out.
 *
 * @throws {Error} When it begins like something that is known; the message completes "Cannot read …: ".
 */
export function refuseOtherFormats(file: InputFile): void {
  if (file.size === 0) throw new Error("it is empty");
  const bytes = file.bytes(0, Math.min(HEAD, file.size));
  const head = Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
  // A header of safetensors begins at its ninth byte.
  if (head.startsWith("{", 8)) return;
  const what = standIn(head) ??
    FORMATS.find(([begin]) => typeof begin === "string" ? head.startsWith(begin) : begin.test(head))
      ?.[1];
  if (what === undefined) return;
  throw new Error(`${what}. Supported are safetensors and files of torch.save`);
}
