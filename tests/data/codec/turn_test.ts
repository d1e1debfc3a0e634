import { assertEquals, assertStrictEquals } from "@std/assert";
import { turn } from "../../../src/data/codec/turn.ts";

/** The rows of the letters a to f, in two rows of three, as an orientation turns them. */
const TURNED = [
  "abc def",
  "abc def",
  "cba fed",
  "fed cba",
  "def abc",
  "ad be cf",
  "da eb fc",
  "fc eb da",
  "cf be ad",
];

Deno.test("each orientation moves the first row and column as EXIF says, of bytes and of fractions, of any channels", () => {
  for (const [orientation, rows] of TURNED.entries()) {
    for (const channels of [1, 2]) {
      const samples = (text: string) =>
        Array.from(
          text,
          (letter) => Array.from({ length: channels }, (_, c) => letter.charCodeAt(0) + c / 2),
        ).flat();
      const pixels = Float32Array.from(samples("abcdef"));
      const found = turn({ width: 3, height: 2, pixels, notes: ["said"] }, orientation);
      const [first, ...others] = rows.split(" ");
      assertEquals([found.width, found.height], [first.length, 1 + others.length]);
      assertEquals(Array.from(found.pixels), samples(first + others.join("")), `${orientation}`);
      assertEquals(found.notes, ["said"]);
    }
    const bytes = { width: 3, height: 2, pixels: new TextEncoder().encode("abcdef") };
    const { pixels } = turn(bytes, orientation);
    assertEquals(
      new TextDecoder().decode(pixels as Uint8Array<ArrayBuffer>),
      rows.replaceAll(" ", ""),
    );
    if (orientation <= 1) assertStrictEquals(turn(bytes, orientation), bytes);
  }
});
