/** How numbers lie in bytes. */
interface Packing {
  /** Bits of a number, 1 to 16. */
  readonly bits: number;
  /** How many numbers there are. */
  readonly count: number;
  /** Whether numbers of 16 bits have their least significant byte first. Default: false. */
  readonly little?: boolean;
}

/**
 * Spreads packed numbers, the first in the high bits of the first byte: 1 to 8 bits to bytes, more to 16 bits.
 *
 * @param row The bytes, as many as the numbers fill. Returned itself where the numbers are bytes.
 */
export function spreadBits(
  row: Uint8Array<ArrayBuffer>,
  { bits, count, little = false }: Packing,
): Uint8Array<ArrayBuffer> | Uint16Array<ArrayBuffer> {
  if (bits === 8) return row.length === count ? row : row.subarray(0, count);
  if (bits === 16) {
    const values = new Uint16Array(count);
    const [high, low] = little ? [1, 0] : [0, 1];
    for (let i = 0; i < count; i++) values[i] = row[2 * i + high] << 8 | row[2 * i + low];
    return values;
  }
  const values = bits < 8 ? new Uint8Array(count) : new Uint16Array(count);
  const mask = (1 << bits) - 1;
  for (let i = 0, bit = 0; i < count; i++, bit += bits) {
    const at = bit >> 3;
    const window = row[at] << 16 | (row[at + 1] ?? 0) << 8 | (row[at + 2] ?? 0);
    values[i] = window >> (24 - bits - (bit & 7)) & mask;
  }
  return values;
}
