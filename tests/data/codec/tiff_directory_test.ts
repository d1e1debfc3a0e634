import { assertEquals, assertThrows } from "@std/assert";
import { openTiff } from "../../../src/data/codec/tiff_directory.ts";

/** A tag: its number, its type, how many values it says it has, and its field as bytes in the file's order. */
type Entry = readonly [tag: number, type: number, count: number, field: readonly number[]];

interface TiffToWrite {
  readonly isBig?: boolean;
  readonly little?: boolean;
  /** How many tags the file says it has. Default: as many as there are. */
  readonly count?: number;
  readonly entries: readonly Entry[];
  /** What stands behind the directory. */
  readonly behind?: readonly number[];
}

function bytesIn(little: boolean, value: number, count: number): number[] {
  const bytes = Array.from({ length: count }, (_, i) => Math.floor(value / 256 ** i) & 255);
  return little ? bytes : bytes.reverse();
}

function open({ isBig = false, little = true, count, entries, behind = [] }: TiffToWrite) {
  const number = (value: number, size: number) => bytesIn(little, value, size);
  const word = isBig ? 8 : 4;
  const start = isBig
    ? [...number(43, 2), ...number(8, 2), 0, 0, ...number(16, 8)]
    : [...number(42, 2), ...number(8, 4)];
  const bytes = [
    ...little ? [0x49, 0x49] : [0x4d, 0x4d],
    ...start,
    ...number(count ?? entries.length, isBig ? 8 : 2),
    ...entries.flatMap(([tag, type, length, field]) => [
      ...[...number(tag, 2), ...number(type, 2), ...number(length, word)],
      ...[...field, ...Array(word).fill(0)].slice(0, word),
    ]),
    ...behind,
  ];
  return openTiff(new DataView(Uint8Array.from(bytes).buffer));
}

Deno.test("numbers of every type are read, in their field where they fit, in either order and size of file", () => {
  for (const isBig of [false, true]) {
    for (const little of [false, true]) {
      const number = (value: number, size: number) => bytesIn(little, value, size);
      const behind = [1, 2, 3].flatMap((value) => number(value, 4));
      const at = (isBig ? 24 : 10) + (isBig ? 20 : 12) * 5;
      const { values, first, bytes } = open({
        ...{ isBig, little },
        entries: [
          [300, 1, 4, [1, 2, 3, 4]],
          [301, 3, 2, [...number(500, 2), ...number(600, 2)]],
          [302, 4, 1, number(70_000, 4)],
          [303, 13, 3, number(at, isBig ? 8 : 4)],
          [304, 7, 9, number(at, isBig ? 8 : 4)],
        ],
        behind,
      });
      const all = [300, 301, 302, 303].map((tag) =>
        Array.from({ length: values(tag).length }, (_, i) => values(tag).at(i))
      );
      assertEquals(all, [[1, 2, 3, 4], [500, 600], [70_000], [1, 2, 3]]);
      assertEquals([300, 301, 302, 303, 299].map((tag) => first(tag, 9)), [1, 500, 70_000, 1, 9]);
      assertEquals([[...bytes(304)], bytes(299).length], [behind.slice(0, 9), 0]);
    }
  }
  const wide = open({ isBig: true, entries: [[256, 16, 1, [7]], [257, 18, 1, [0, 0, 0, 0, 1]]] });
  assertEquals([256, 257].map((tag) => wide.first(tag, 0)), [7, 2 ** 32]);
});

Deno.test("tags of other types, of no values or outside the file count as absent", () => {
  const entries: Entry[] = [
    [300, 2, 1, [65]], // text
    [301, 4, 0, []],
    [302, 4, 2, [200]], // behind the end
    [303, 3, 3, [73]], // to the end
    [304, 3, 3, [74]],
  ];
  const { first } = open({ entries, behind: Array(9).fill(1) });
  assertEquals([300, 301, 302, 303, 304].map((tag) => first(tag, -1)), [-1, -1, -1, 0x101, -1]);
});

Deno.test("a directory that is cut off says so and gives the tags before that, and no file has more than 65,535", () => {
  const entries: Entry[] = [[300, 3, 1, [5]], [301, 3, 1, [6]]];
  const { first, isCutOff } = open({ entries, count: 3, behind: Array(11).fill(9) });
  assertEquals([300, 301, 0x909].map((tag) => first(tag, -1)), [5, 6, -1]);
  const others = [12, 0].map((length) => open({ entries, behind: Array(length).fill(9) }).isCutOff);
  assertEquals([isCutOff, ...others], [true, false, false]);
  assertEquals(open({ isBig: true, entries, count: 65_535 }).first(301, -1), 6);
  const many = () => open({ isBig: true, entries, count: 65_536 });
  assertThrows(many, Error, "the TIFF says it has 65536 tags");
});
