import { assertEquals, assertThrows } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import { createHash } from "node:crypto";
import {
  readSafetensors,
  SafetensorsFile,
  writeSafetensors,
} from "../../src/checkpoint/safetensors.ts";
import { headerLength, layOut } from "../../src/checkpoint/safetensors_header.ts";
import { arange, full, tensor, zeros } from "../../src/tensor/create.ts";
import type { Tensor } from "../../src/tensor/tensor.ts";
import { testTensor } from "../helpers.ts";
import { inFolder } from "./in_folder.ts";

const PYTHON_FILE = fromFileUrl(new URL("../golden/every_dtype.safetensors", import.meta.url));

function facts(tensors: Record<string, Tensor>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(tensors).map(([name, { dtype, shape }]) => [name, [dtype, shape]]),
  );
}

function values(tensors: Record<string, Tensor>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(tensors).map(([name, tensor]) => [name, [...tensor.toArray()]]),
  );
}

testTensor("a file written by Python has the same types, shapes and values here", () => {
  const { tensors, metadata } = readSafetensors(PYTHON_FILE);
  assertEquals(metadata, { written_by: "safetensors for Python", umlaut: "ä" });
  assertEquals(facts(tensors), {
    float64: ["float64", [2, 2]],
    float32: ["float32", [3]],
    float16: ["float16", [3]],
    bfloat16: ["bfloat16", [3]],
    int64: ["int64", [2]],
    int32: ["int32", [2, 1]],
    uint8: ["uint8", [3]],
    bool: ["bool", [3]],
    scalar: ["float32", []],
    empty: ["float32", [0, 4]],
  });
  assertEquals(values(tensors), {
    float64: [1 / 3, -2.5, 1e300, -0],
    float32: [Math.fround(1 / 3), Infinity, Math.fround(-1e-40)],
    float16: [Math.f16round(0.1), 65504, Math.f16round(-6e-8)],
    bfloat16: [0.10009765625, 3.00405527047391e38, -1.5],
    int64: [2n ** 53n + 1n, -1n],
    int32: [-2147483648, 7],
    uint8: [0, 255, 7],
    bool: [1, 0, 1],
    scalar: [2.5],
    empty: [],
  });
});

testTensor("what is written is read back bit for bit in every type", () => {
  inFolder((folder) => {
    const { tensors, metadata } = readSafetensors(PYTHON_FILE);
    const path = join(folder, "deeper", "copy.safetensors");
    writeSafetensors(path, tensors, metadata);
    const copy = readSafetensors(path);
    assertEquals(copy.metadata, metadata);
    assertEquals(facts(copy.tensors), facts(tensors));
    assertEquals(values(copy.tensors), values(tensors));
  });
});

testTensor("a transposed view is written row by row as it is seen", () => {
  inFolder((folder) => {
    const path = join(folder, "view.safetensors");
    writeSafetensors(path, { view: arange(6).reshape([2, 3]).t() });
    assertEquals(readSafetensors(path).tensors.view.toList(), [[0, 3], [1, 4], [2, 5]]);
  });
});

testTensor("every tensor in a file is aligned to its type whatever the order given", () => {
  inFolder((folder) => {
    const path = join(folder, "mixed.safetensors");
    writeSafetensors(path, {
      odd: tensor([true, false, true]),
      half: zeros([3], { dtype: "float16" }),
      wide: zeros([1], { dtype: "int64" }),
      single: zeros([1]),
    }, { note: "x" });
    using file = new SafetensorsFile(path);
    const begins = ["wide", "single", "half", "odd"].map((name) => file.entries.get(name)!.begin);
    assertEquals(begins, [0, 8, 12, 18]);
    const headerBytes = new DataView(Deno.readFileSync(path).buffer).getBigUint64(0, true);
    assertEquals(Number(headerBytes) % 8, 0);
  });
});

testTensor("a file without tensors and names like __proto__ are ordinary cases", () => {
  inFolder((folder) => {
    const path = join(folder, "edge.safetensors");
    writeSafetensors(path, {});
    assertEquals(readSafetensors(path), { tensors: {}, metadata: {} });
    writeSafetensors(path, Object.fromEntries([["__proto__", tensor([1])], ["a\nb", tensor([2])]]));
    const { tensors } = readSafetensors(path);
    assertEquals(Object.keys(tensors).toSorted(), ["__proto__", "a\nb"]);
  });
});

testTensor("one tensor can be read without the others", () => {
  using file = new SafetensorsFile(PYTHON_FILE);
  assertEquals(file.read("int32").toList(), [[-2147483648], [7]]);
  assertThrows(() => file.read("nothing"), Error, "there is no such tensor");
});

Deno.test("a missing file and a folder are named", () => {
  assertThrows(() => readSafetensors("/nowhere/a.safetensors"), Error, "there is no such file");
  assertThrows(() => readSafetensors("/"), Error, 'Cannot read "/": it is a folder');
});

/** A file from a header as text and the bytes after it. */
function fileOf(header: unknown, data: number[] = [], claimed?: bigint): Uint8Array {
  const text = new TextEncoder().encode(
    typeof header === "string" ? header : JSON.stringify(header),
  );
  const file = new Uint8Array(8 + text.length + data.length);
  new DataView(file.buffer).setBigUint64(0, claimed ?? BigInt(text.length), true);
  file.set(text, 8);
  file.set(data, 8 + text.length);
  return file;
}

function entry(shape: unknown, offsets: unknown, dtype: unknown = "U8"): Record<string, unknown> {
  return { dtype, shape, data_offsets: offsets };
}

const hostile: [what: string, file: Uint8Array, message: string][] = [
  ["no bytes", new Uint8Array(0), "it has 0 bytes, too few"],
  ["a header of 2^63 bytes", fileOf({}, [], 2n ** 63n), "does not start like a safetensors file"],
  ["a header longer than the file", fileOf({}, [], 99n), "its header has 99 bytes, the file 10"],
  ["a header that is no JSON", fileOf("{nonsense"), "its header is not JSON"],
  ["a header that is no UTF-8", fileOf({}, [0xff, 0xfe], 4n), "its header is not JSON"],
  ["a header that is a list", fileOf([1]), "its header is not a list of tensors"],
  ["metadata that is a number", fileOf({ __metadata__: 3 }), "its metadata is not a list of texts"],
  ["metadata of numbers", fileOf({ __metadata__: { a: 3 } }), "its metadata is not"],
  ["an entry that is null", fileOf({ a: null }), 'tensor "a" is not described'],
  ["an unknown type", fileOf({ a: entry([1], [0, 1], "F8_E4M3") }, [1]), 'has the type "F8_E4M3"'],
  ["a type that is an object", fileOf({ a: entry([1], [0, 1], {}) }, [1]), "has no type"],
  ["a negative shape", fileOf({ a: entry([-1], [0, 1]) }, [1]), "has an impossible shape"],
  ["a fractional shape", fileOf({ a: entry([0.5], [0, 1]) }, [1]), "has an impossible shape"],
  ["a text as shape", fileOf({ a: entry("1", [0, 1]) }, [1]), "has an impossible shape"],
  ["a shape that overflows", fileOf({ a: entry([2 ** 40, 2 ** 40], [0, 1]) }), "impossible shape"],
  [
    "an empty shape of absurd sides",
    fileOf({ a: entry([0, 2 ** 52], [0, 0]) }),
    "impossible shape",
  ],
  ["65 dimensions", fileOf({ a: entry(Array(65).fill(1), [0, 1]) }, [1]), "impossible shape"],
  ["offsets in reverse", fileOf({ a: entry([1], [1, 0]) }, [1]), "has impossible data_offsets"],
  ["one offset", fileOf({ a: entry([1], [1]) }, [1]), "has impossible data_offsets"],
  [
    "too few bytes for a shape",
    fileOf({ a: entry([2], [0, 1]) }, [1]),
    "needs 2 bytes and is given 1",
  ],
  [
    "tensors that overlap",
    fileOf({ a: entry([2], [0, 2]), b: entry([2], [1, 3]) }, [1, 1, 1]),
    'tensor "b" overlaps the tensor before it',
  ],
  ["a gap", fileOf({ a: entry([1], [1, 2]) }, [1, 1]), 'tensor "a" leaves a gap before it'],
  [
    "missing data",
    fileOf({ a: entry([3], [0, 3]) }, [1]),
    "it is cut short: its tensors need 3 bytes",
  ],
  ["trailing data", fileOf({ a: entry([1], [0, 1]) }, [1, 2]), "it is too long"],
  ["a header nested without end", fileOf("[".repeat(1000)), "nested deeper than tensors need"],
  [
    "a header of lists in lists",
    fileOf({ a: { shape: [[1]] } }),
    "nested deeper than tensors need",
  ],
  [
    "a header of more values than memory has room for",
    fileOf("[" + "0,".repeat(2 ** 21)),
    "its header has more than 2097152 values",
  ],
  [
    "as many values as there may be, none of them a tensor",
    fileOf("[" + "0,".repeat(2 ** 21 - 2) + "0]"),
    "its header is not a list of tensors",
  ],
  [
    "a header of more bytes than the format has",
    fileOf({}, [], 100_000_001n),
    "does not start like",
  ],
  ["a header as long as the format has", fileOf({}, [], 100_000_000n), "it is cut short"],
  ["seven bytes", new Uint8Array(7), "it has 7 bytes, too few"],
  ["a header of no bytes", new Uint8Array(8), "its header is not JSON"],
  ["a bool of 2", fileOf({ a: entry([1], [0, 1], "BOOL") }, [2]), "neither true nor false"],
];

for (const [what, file, message] of hostile) {
  testTensor(`a file with ${what} is refused with its fault`, () => {
    inFolder((folder) => {
      const path = join(folder, "hostile.safetensors");
      Deno.writeFileSync(path, file);
      assertThrows(() => readSafetensors(path), Error, message);
    });
  });
}

testTensor(
  "brackets and commas in names and texts are no structure, however they are escaped",
  () => {
    inFolder((folder) => {
      const path = join(folder, "odd.safetensors");
      const odd = '"[[[[{{{{,' + '\\"\\';
      writeSafetensors(path, { [odd]: tensor([1]) }, { [odd]: odd });
      const { tensors, metadata } = readSafetensors(path);
      assertEquals(tensors[odd].toList(), [1]);
      assertEquals(metadata[odd], odd);
    });
  },
);

testTensor(
  "as many dimensions as libtorch has are read, and an empty side beside long ones",
  () => {
    inFolder((folder) => {
      const path = join(folder, "deep.safetensors");
      Deno.writeFileSync(
        path,
        fileOf({ a: entry(Array(64).fill(1), [0, 1]), b: entry([0, 2 ** 40], [1, 1]) }, [7]),
      );
      const { tensors } = readSafetensors(path);
      assertEquals([tensors.a.shape.length, tensors.b.shape], [64, [0, 2 ** 40]]);
    });
  },
);

testTensor("an empty tensor may be listed before or after the neighbour that it lies at", () => {
  inFolder((folder) => {
    const path = join(folder, "empty.safetensors");
    const entries = { a: entry([1], [0, 1]), none: entry([0], [1, 1]), b: entry([1], [1, 2]) };
    for (const names of [["a", "none", "b"], ["b", "none", "a"], ["a", "b", "none"]] as const) {
      const header = Object.fromEntries(names.map((name) => [name, entries[name]]));
      Deno.writeFileSync(path, fileOf(header, [7, 8]));
      const { tensors } = readSafetensors(path);
      assertEquals(
        names.map((name) => tensors[name].toList()),
        names.map((name) => ({
          a: [7],
          none: [],
          b: [8],
        }[name])),
      );
    }
  });
});

testTensor("a flipped bit anywhere in a file that was written is noticed", () => {
  inFolder((folder) => {
    const path = join(folder, "w.safetensors");
    writeSafetensors(path, { w: arange(6), b: full([2], 1) }, { note: "sha256" });
    const bytes = Deno.readFileSync(path);
    for (let bit = 5; bit < 8 * bytes.length; bit += 7) {
      const damaged = bytes.slice();
      damaged[bit >> 3] ^= 1 << (bit & 7);
      Deno.writeFileSync(path, damaged);
      let isNoticed = false;
      try {
        using file = new SafetensorsFile(path);
        isNoticed = !file.verify();
      } catch {
        isNoticed = true;
      }
      assertEquals([bit, isNoticed], [bit, true]);
    }
    Deno.writeFileSync(path, bytes);
    using file = new SafetensorsFile(path);
    assertEquals(file.verify(), true);
    assertEquals(file.metadata, { note: "sha256" });
  });
});

Deno.test("a head fills the bytes that were left free for it", () => {
  const facts = [{ name: "w", dtype: "float32", shape: [2] }] as const;
  const { head } = layOut(facts, {}, 4096);
  assertEquals(head.length, 4096);
  assertEquals(headerLength(head, 4096 + 8), 4096 - 8);
  assertEquals(layOut(facts, {}).head.length % 8, 0);
});

testTensor(
  "the digest is the SHA-256 of the file with zeros in its place, also of a large file",
  () => {
    inFolder((folder) => {
      const path = join(folder, "w.safetensors");
      writeSafetensors(path, { w: arange(2 ** 20 + 2), x: full([3], 1) }); // two blocks and some bytes
      const bytes = Deno.readFileSync(path);
      const head = new TextDecoder("latin1").decode(bytes.subarray(0, 200));
      const [mark, digest] = /"sha256":"([0-9a-f]{64})/.exec(head)!;
      const at = head.indexOf(mark) + mark.length - 64;
      const hash = createHash("sha256").update(bytes.slice().fill(0x30, at, at + 64));
      assertEquals(digest, hash.digest("hex"));
      using file = new SafetensorsFile(path);
      assertEquals(file.verify(), true);
      Deno.writeFileSync(path, bytes.with(bytes.length - 1, 0x40));
      using damaged = new SafetensorsFile(path);
      assertThrows(() => damaged.verify(), Error, "it is damaged");
    });
  },
);

testTensor("files of other programs carry no digest, and texts that are no JSON stay texts", () => {
  inFolder((folder) => {
    using python = new SafetensorsFile(PYTHON_FILE);
    assertEquals(python.verify(), false);
    const path = join(folder, "w.safetensors");
    const metadata = { a: "1", b: "hello", c: '{"d": [true]}', format: "pt" };
    writeSafetensors(path, { w: full([1], 1) }, metadata);
    using file = new SafetensorsFile(path);
    assertEquals([file.metadata, file.size], [metadata, Deno.statSync(path).size]);
    assertEquals(file.state, { a: 1, b: "hello", c: { d: [true] } });
  });
});

testTensor("metadata by the name of the digest are refused: they would be written over", () => {
  inFolder((folder) => {
    const path = join(folder, "w.safetensors");
    assertThrows(
      () => writeSafetensors(path, { w: full([1], 1) }, { sha256: "mine" }),
      TypeError,
      'Cannot write metadata called "sha256"',
    );
    assertEquals([...Deno.readDirSync(folder)], []);
  });
});
