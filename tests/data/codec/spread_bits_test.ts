import { assertEquals } from "@std/assert";
import { spreadBits } from "../../../src/data/codec/spread_bits.ts";

Deno.test("numbers of 1 to 16 bits are read from the high bits on, however they lie across bytes", () => {
  const row = Uint8Array.from({ length: 32 }, (_, i) => 37 * i + 11);
  const digits = Array.from(row, (byte) => byte.toString(2).padStart(8, "0")).join("");
  for (let bits = 1; bits <= 16; bits++) {
    const count = Math.floor(256 / bits);
    const expected = Array.from(
      { length: count },
      (_, i) => parseInt(digits.slice(i * bits, (i + 1) * bits), 2),
    );
    const numbers = spreadBits(row, { bits, count });
    assertEquals([...numbers], expected, `${bits} bits`);
    assertEquals(numbers.BYTES_PER_ELEMENT, bits > 8 ? 2 : 1);
  }
  const little = spreadBits(Uint8Array.of(1, 2, 3, 4), { bits: 16, count: 2, little: true });
  assertEquals([...little], [0x201, 0x403]);
});

Deno.test("as many numbers as are wanted are taken from a longer row", () => {
  const row = Uint8Array.of(1, 2, 3, 4);
  assertEquals([...spreadBits(row, { bits: 8, count: 3 })], [1, 2, 3]);
  assertEquals(spreadBits(row, { bits: 8, count: 4 }), row);
  assertEquals([...spreadBits(row, { bits: 4, count: 3 })], [0, 1, 0]);
});
