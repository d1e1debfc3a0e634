import { numel } from "../../tensor/dtype.ts";
import type { TensorFacts } from "../tensor_facts.ts";
import { storageName } from "./globals.ts";

const ORDERED_DICT = "ccollections\nOrderedDict\n";
const REBUILD_TENSOR = "ctorch._utils\n_rebuild_tensor_v2\n";

/**
 * The pickle of a `state_dict()`, as `torch.save` writes it: each tensor by name, row by row in a storage of its own whose
 * key is its place in the list.
 */
export function pickleStateDict(tensors: readonly TensorFacts[]): Uint8Array<ArrayBuffer> {
  const parts = ["\x80\x02", ORDERED_DICT, ")R("];
  tensors.forEach(({ name, dtype, shape }, key) => {
    parts.push(
      text(name),
      REBUILD_TENSOR,
      "((",
      text("storage"),
      `ctorch\n${storageName(dtype)}\n`,
      text(String(key)),
      text("cpu"),
      whole(numel(shape)),
      "tQ",
      whole(0),
      tuple(shape),
      tuple(rowByRow(shape)),
      "\x89",
      ORDERED_DICT,
      ")RtR",
    );
  });
  parts.push("u.");
  return Uint8Array.from(parts.join(""), (char) => char.charCodeAt(0));
}

/** The strides of a tensor whose elements lie row by row. */
function rowByRow(shape: readonly number[]): number[] {
  return shape.map((_, i) => numel(shape.slice(i + 1)));
}

function tuple(numbers: readonly number[]): string {
  return `(${numbers.map(whole).join("")}t`;
}

function whole(number: number): string {
  return number < 2 ** 31
    ? `J${littleEndian(number, 4)}`
    : `\x8a${littleEndian(8, 1)}${littleEndian(number, 8)}`;
}

/** A text as UTF-8. */
function text(value: string): string {
  const bytes = new TextEncoder().encode(value);
  return `X${littleEndian(bytes.length, 4)}${String.fromCharCode(...bytes)}`;
}

function littleEndian(value: number, bytes: number): string {
  const codes = Array.from({ length: bytes }, (_, i) => Math.floor(value / 256 ** i) % 256);
  return String.fromCharCode(...codes);
}
