/**
 * Arguments that are not plain numbers, written into buffers that are reused from call to call: a fresh
 * typed array costs twenty times as much as the call itself. Each list of a call has its own buffer.
 *
 * @module
 */
import type { Handle } from "./handle.ts";

const LISTS = 8;
const CAPACITY = 64;
const intBuffers = Array.from({ length: LISTS }, () => new BigInt64Array(CAPACITY));
const floatBuffers = Array.from({ length: LISTS }, () => new Float64Array(CAPACITY));
const handleBuffers = Array.from({ length: LISTS }, () => new BigUint64Array(CAPACITY));

/** Where native code writes handles when there are several. Overwritten by the next such call. */
export const results: BigUint64Array<ArrayBuffer> = new BigUint64Array(4096);

/**
 * A list of integers as native code reads it.
 *
 * @throws {RangeError} When a value is not an integer.
 */
export function ints(list: number, values: readonly number[]): BigInt64Array<ArrayBuffer> {
  const buffer = values.length <= CAPACITY ? intBuffers[list] : new BigInt64Array(values.length);
  for (let i = 0; i < values.length; i++) buffer[i] = BigInt(values[i]);
  return buffer;
}

/** A list of floating-point numbers as native code reads it. */
export function floats(list: number, values: readonly number[]): Float64Array<ArrayBuffer> {
  const buffer = values.length <= CAPACITY ? floatBuffers[list] : new Float64Array(values.length);
  buffer.set(values);
  return buffer;
}

/** A list of handles as native code reads it. A packed array is passed as it is. */
export function handles(
  list: number,
  values: readonly Handle[] | BigUint64Array,
): BigUint64Array<ArrayBuffer> {
  if (values instanceof BigUint64Array) return values as BigUint64Array<ArrayBuffer>;
  const buffer = values.length <= CAPACITY
    ? handleBuffers[list]
    : new BigUint64Array(values.length);
  for (let i = 0; i < values.length; i++) buffer[i] = values[i];
  return buffer;
}

const encoder = new TextEncoder();
const interned = new Map<string, Uint8Array<ArrayBuffer>>();

/** The UTF-8 bytes of a string. Meant for the few constant strings operators take: each is kept. */
export function text(value: string): Uint8Array<ArrayBuffer> {
  let bytes = interned.get(value);
  if (bytes === undefined) interned.set(value, bytes = encoder.encode(value));
  return bytes;
}
