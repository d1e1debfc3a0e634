/**
 * The native library that turns image files into crops. It knows nothing of libtorch: a worker opens it in milliseconds.
 *
 * @module
 */
import { dirname, join } from "@std/path";
import { locateLibrary } from "../install/locate_library.ts";
import { pixelsLibrary } from "../install/native_library.ts";

const symbols = {
  deino_pixels_message: { parameters: ["buffer", "i32"], result: "i32" },
  deino_pixels_open_libjpeg: { parameters: ["buffer"], result: "i32" },
  deino_pixels_jpeg_header: { parameters: ["buffer", "i64", "i64", "buffer"], result: "i32" },
  deino_pixels_decode_jpeg: {
    parameters: ["buffer", "i64", "i64", "i32", "i32", "buffer", "i64"],
    result: "i32",
  },
  deino_pixels_begin_apart: {
    parameters: ["buffer", "buffer", "buffer", "buffer", "buffer", "buffer"],
    result: "i32",
  },
  deino_pixels_finish_apart: { parameters: ["buffer", "i64"], result: "i32" },
  deino_pixels_load_jpeg: { parameters: ["buffer", "i64", "i64", "i32", "buffer"], result: "i32" },
  deino_pixels_load_pixels: { parameters: ["buffer", "i32", "i32", "i32"], result: "i32" },
  deino_pixels_make_crops: {
    parameters: ["buffer", "i32", "buffer", "buffer", "i64"],
    result: "i32",
  },
  deino_pixels_resize: { parameters: ["i32", "i32", "buffer"], result: "i32" },
} as const;

type Functions = Deno.DynamicLibrary<typeof symbols>["symbols"];

/** The functions, and the folder of the build that they are of. */
let opened: { readonly functions: Functions; readonly folder: string } | undefined;

function open(): NonNullable<typeof opened> {
  if (opened !== undefined) return opened;
  const { file } = locateLibrary(pixelsLibrary);
  return opened = { functions: Deno.dlopen(file, symbols).symbols, folder: dirname(file) };
}

/**
 * The library's functions; the first call opens it.
 *
 * @throws {Error} When the library can be neither found nor built.
 */
export function pixels(): Functions {
  return open().functions;
}

/** The program of the same build that decodes in a process of its own. */
export function decoderProgram(): string {
  return join(open().folder, "deino_decoder");
}

/**
 * Builds the library if it is missing, for workers: they take what is there. Where it cannot be built, JPEG is decoded
 * without it, and what cannot do without it says so.
 */
export function buildForWorkers(): void {
  try {
    locateLibrary(pixelsLibrary);
  } catch {
    // Whoever calls a function of it is told why.
  }
}

/** A text as C has it. */
export function nativeText(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(`${text}\0`);
}

/**
 * Checks the result of a call.
 *
 * @throws {Error} If it failed; the message is the reason.
 */
export function succeeded(result: number): void {
  if (result !== 0) return;
  const message = new Uint8Array(256);
  const length = pixels().deino_pixels_message(message, message.length);
  throw new Error(new TextDecoder().decode(message.subarray(0, length)));
}
