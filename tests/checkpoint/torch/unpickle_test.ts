import { assertEquals, assertThrows } from "@std/assert";
import { join } from "@std/path";
import { ByteCursor } from "../../../src/checkpoint/torch/byte_cursor.ts";
import { pickleStateDict } from "../../../src/checkpoint/torch/pickle_state_dict.ts";
import { unpickle } from "../../../src/checkpoint/torch/unpickle.ts";
import type { PickleValue } from "../../../src/checkpoint/torch/values.ts";
import { InputFile } from "../../../src/files/input_file.ts";
import { inFolder } from "../in_folder.ts";

/** What a file of these bytes holds as one pickle. */
function valueOf(bytes: Uint8Array<ArrayBuffer>): PickleValue {
  let value: PickleValue = null;
  inFolder((folder) => {
    const path = join(folder, "pickle");
    Deno.writeFileSync(path, bytes);
    using file = new InputFile(path);
    value = unpickle(new ByteCursor(file, 0, file.size)).value;
  });
  return value;
}

/** What instructions build. */
function built(instructions: string): PickleValue {
  return valueOf(Uint8Array.from(`\x80\x05${instructions}.`, (char) => char.charCodeAt(0)));
}

const bytes = (...values: number[]) => Uint8Array.from(values);

const cases: [what: string, instructions: string, value: PickleValue][] = [
  ["None, true and false", "(N\x88\x89t", [null, true, false]],
  ["whole numbers of one, two and four bytes", "(K\xffM\x01\x02J\xfe\xff\xff\xfft", [255, 513, -2]],
  ["long numbers", "(\x8a\x00\x8a\x02\x00\xff\x8a\x03\xff\xff\x00t", [0, -256, 65535]],
  ["a longer one than floats hold", "\x8a\x08\x01\0\0\0\0\0\0\x40", 2n ** 62n + 1n],
  ["a fraction, its first byte first", "G\x3f\xf8\0\0\0\0\0\0", 1.5],
  ["texts", "(X\x02\0\0\0hi\x8c\x02hi\x8d\x02\0\0\0\0\0\0\0hit", ["hi", "hi", "hi"]],
  ["texts of Python 2", "(T\x01\0\0\0aU\x01bt", ["a", "b"]],
  ["bytes", "(B\x01\0\0\0\x07C\x01\x08t", [bytes(7), bytes(8)]],
  ["long bytes", "(\x8e\x01\0\0\0\0\0\0\0\x07\x96\x01\0\0\0\0\0\0\0\x08t", [bytes(7), bytes(8)]],
  ["tuples", "()K\x01\x85K\x01K\x02\x86K\x01K\x02K\x03\x87t", [[], [1], [1, 2], [1, 2, 3]]],
  ["lists", "(]]K\x01a](K\x01K\x02et", [[], [1], [1, 2]]],
  ["sets", "(\x8f(K\x01K\x02\x90(K\x03\x91t", [[1, 2], [3]]],
  ["dictionaries", "(}}K\x01K\x02s}(K\x01K\x02K\x03K\x04ut", [
    new Map(),
    new Map([[1, 2]]),
    new Map([[1, 2], [3, 4]]),
  ]],
  ["a key twice, of which the later counts", "}(K\x01K\x02K\x01K\x03u", new Map([[1, 3]])],
  ["a value again", "K\x012\x86", [1, 1]],
  ["values thrown away, one and down to a mark", "K\x05K\x010(K\x01K\x021", 5],
  ["values kept under numbers", "K\x07q\x030K\x08r\x04\0\0\x000(h\x03j\x04\0\0\0t", [7, 8]],
  ["values kept in turn", "K\x07\x940K\x08\x940(h\x01h\x00t", [8, 7]],
  [
    "what calls build, with arguments by name too",
    "(ccollections\nOrderedDict\n)R" +
    "ccollections\nOrderedDict\n)\x81ccollections\nOrderedDict\n)}\x92t",
    [
      ...[new Map(), new Map(), new Map()],
    ],
  ],
  ["frames", "\x95\x02\0\0\0\0\0\0\0K\x01", 1],
];
for (const [what, instructions, value] of cases) {
  Deno.test(`pickles hold ${what}`, () => assertEquals(built(instructions), value));
}

Deno.test("instructions take no values from before the list that they stand in", () => {
  for (const instructions of ["NN(0t", "NN(\x85t", "](K\x01(st", "0", "N((1R", "Nt"]) {
    assertThrows(() => built(instructions), Error, "its index is damaged");
  }
  assertEquals(built("N(N0t"), []);
});

Deno.test("pickles of versions 2 to 5 are read, and nothing that does not begin like one", () => {
  const of = (begin: number[]) => valueOf(bytes(...begin, 0x4b, 1, 0x2e));
  for (const version of [2, 3, 4, 5]) assertEquals(of([0x80, version]), 1);
  for (const version of [1, 6]) {
    assertThrows(() => of([0x80, version]), Error, `a pickle of version ${version}`);
  }
  assertThrows(() => of([0x81, 2]), Error, "does not start like a pickle");
});

Deno.test("texts are read across the window that files are read by, and beyond it", () => {
  const length = (count: number) =>
    String.fromCharCode(...[0, 8, 16, 24].map((shift) => count >> shift & 255));
  for (const count of [65_536 - 8, 65_536, 65_537, 200_000]) {
    const text = "é".repeat(count / 2) + "x".repeat(count % 2);
    const encoded = Array.from(
      new TextEncoder().encode(text),
      (byte) => String.fromCharCode(byte),
    ).join("");
    assertEquals(built(`(X${length(count)}${encoded}K\x02t`), [text, 2]);
  }
});

Deno.test("what is written of tensors says their shapes, also beyond 2^31 elements", () => {
  const facts = [
    { name: "a", dtype: "float16", shape: [2, 3, 4] },
    { name: "é", dtype: "uint8", shape: [2 ** 31] },
    { name: "s", dtype: "bool", shape: [] },
  ] as const;
  const found = valueOf(pickleStateDict(facts)) as Map<string, PickleValue>;
  const storage = (key: string, dtype: string, length: number) => ({ key, dtype, length });
  assertEquals(JSON.parse(JSON.stringify([...found])), [
    ["a", {
      storage: storage("0", "float16", 24),
      ...{ dtype: "float16", offset: 0, shape: [2, 3, 4], strides: [12, 4, 1] },
    }],
    ["é", {
      storage: storage("1", "uint8", 2 ** 31),
      ...{ dtype: "uint8", offset: 0, shape: [2 ** 31], strides: [1] },
    }],
    ["s", {
      storage: storage("2", "bool", 1),
      ...{ dtype: "bool", offset: 0, shape: [], strides: [] },
    }],
  ]);
});
