import { assertEquals, assertThrows } from "@std/assert";
import { join } from "@std/path";
import { crc32, deflateRawSync } from "node:zlib";
import { InputFile } from "../../../src/files/input_file.ts";
import { checkBytes, readZipContent } from "../../../src/files/zip/content.ts";
import { readZipDirectory } from "../../../src/files/zip/directory.ts";
import { ZipWriter } from "../../../src/files/zip/writer.ts";
import { inFolder } from "../../checkpoint/in_folder.ts";

const encoder = new TextEncoder();
const LONG = "many times the same ".repeat(50);

/** An archive of one deflated file, as other programs write it, changed if wanted. */
function deflated(text: string, change: (bytes: DataView, central: number) => void = () => {}) {
  const packed = deflateRawSync(encoder.encode(text));
  return inFolder((folder) => {
    const path = join(folder, "a.zip");
    {
      using file = Deno.openSync(path, { write: true, create: true });
      const zip = new ZipWriter(file);
      zip.add("a.txt", new Uint8Array(packed));
      zip.finish();
    }
    const bytes = Deno.readFileSync(path);
    const view = new DataView(bytes.buffer);
    let central = 0;
    while (view.getUint32(central, true) !== 0x02014b50) central++;
    view.setUint16(central + 10, 8, true); // deflated
    view.setUint32(central + 16, crc(text), true);
    view.setUint32(central + 24, text.length, true);
    change(view, central);
    Deno.writeFileSync(path, bytes);
    return contents(path);
  });
}

function crc(text: string): number {
  let value = ~0;
  for (const byte of encoder.encode(text)) {
    value ^= byte;
    for (let bit = 0; bit < 8; bit++) value = (value >>> 1) ^ (value & 1 ? 0xedb88320 : 0);
  }
  return ~value >>> 0;
}

function contents(path: string): Record<string, string> {
  using file = new InputFile(path);
  return Object.fromEntries(
    Array.from(readZipDirectory(file), ([name, entry]) => [
      name,
      new TextDecoder().decode(readZipContent(file, entry)),
    ]),
  );
}

Deno.test("what is stored in an archive comes back, in the order of its bytes", () => {
  inFolder((folder) => {
    const path = join(folder, "stored.zip");
    using file = Deno.openSync(path, { write: true, create: true });
    const zip = new ZipWriter(file);
    for (const name of ["z", "empty", "a/ü"]) {
      zip.add(name, encoder.encode(name === "empty" ? "" : name));
    }
    zip.finish();
    assertEquals(Object.entries(contents(path)), [["z", "z"], ["empty", ""], ["a/ü", "a/ü"]]);
  });
});

Deno.test("an archive is read behind a comment of the longest kind, listed in any order", () => {
  inFolder((folder) => {
    const path = join(folder, "a.zip");
    {
      using file = Deno.openSync(path, { write: true, create: true });
      const zip = new ZipWriter(file);
      for (const name of ["a", "b"]) zip.add(name, encoder.encode(name.repeat(3)));
      zip.finish();
    }
    const bytes = Deno.readFileSync(path);
    const view = new DataView(bytes.buffer);
    const central = [...bytes.keys()].filter((at) =>
      at + 4 <= bytes.length && view.getUint32(at, true) === 0x02014b50
    );
    const [first, second] = central;
    const swapped = Uint8Array.from(bytes);
    swapped.set(bytes.subarray(second, second + (second - first)), first);
    swapped.set(bytes.subarray(first, second), second);
    const commented = new Uint8Array(bytes.length + 65535).fill(0x20);
    commented.set(swapped);
    new DataView(commented.buffer).setUint16(bytes.length - 2, 65535, true);
    Deno.writeFileSync(path, commented);
    assertEquals(Object.entries(contents(path)), [["a", "aaa"], ["b", "bbb"]]);
  });
});

Deno.test("a deflated file is unpacked and checked", () => {
  assertEquals(deflated(LONG), { "a.txt": LONG });
});

Deno.test("a file in an archive that is damaged, larger than listed or packed otherwise is refused", () => {
  const refused = (change: (bytes: DataView, central: number) => void, message: string) =>
    assertThrows(() => deflated(LONG, change), Error, message);
  refused((bytes, at) => bytes.setUint32(at + 16, 1, true), 'its file "a.txt" is damaged');
  refused((bytes, at) => bytes.setUint32(at + 24, 999, true), 'its file "a.txt" is damaged');
  refused((bytes, at) => bytes.setUint32(at + 24, 1001, true), 'its file "a.txt" is damaged');
  refused((bytes) => bytes.setUint8(70, 0xff), 'its file "a.txt" is damaged');
  refused((bytes, at) => bytes.setUint16(at + 10, 12, true), "is packed by method 12");
  refused((bytes, at) => bytes.setUint16(at + 8, 1, true), "is encrypted");
  refused((bytes, at) => bytes.setUint16(at + 10, 0, true), 'its file "a.txt" has two sizes');
  refused((bytes) => bytes.setUint16(28, 200, true), 'its file "a.txt" overlaps another');
  refused((bytes) => bytes.setUint8(0, 0), "its list of files is damaged");
});

/** Bytes of a record: its signature, then numbers each with the bytes it takes, lowest first. */
function record(
  signature: string,
  ...fields: (readonly [value: number, bytes: number])[]
): number[] {
  const numbers = fields.flatMap(([value, bytes]) =>
    Array.from({ length: bytes }, (_, i) => Math.floor(value / 256 ** i) % 256)
  );
  return [...encoder.encode(signature), ...numbers];
}

Deno.test("an archive has the records of PKWARE's APPNOTE, and what it holds begins at 64 bytes", () => {
  const name = encoder.encode("ä.txt"), check = crc("abc");
  const padding = 64 - 30 - name.length - 4;
  // 4.3.7: version, flags, method, time, date, checksum, packed and whole size, lengths of name and extra field
  const sizes = [[check, 4], [3, 4], [3, 4], [name.length, 2]] as const;
  const local = record("PK\x03\x04", [45, 2], [0, 2], [0, 2], [0, 4], ...sizes, [4 + padding, 2]);
  const gap = record("", [0x4246, 2], [padding, 2], ...Array(padding).fill([0, 1]));
  const content = [...local, ...name, ...gap, ...encoder.encode("abc")];
  // 4.3.12: made by, needed, …, lengths of extra field and comment, disk, attributes, place of the local header
  const rest = [[0, 2], [0, 2], [0, 2], [0, 2], [0, 4], [0, 4]] as const;
  const central = record("PK\x01\x02", [45, 2], [45, 2], [0, 2], [0, 2], [0, 4], ...sizes, ...rest);
  const directory = [...central, ...name];
  const begin = content.length, end = begin + directory.length;
  const counts = (bytes: number) => [[1, bytes], [1, bytes]] as const;
  inFolder((folder) => {
    const path = join(folder, "a.zip");
    {
      using file = Deno.openSync(path, { write: true, create: true });
      const zip = new ZipWriter(file);
      zip.add("ä.txt", encoder.encode("abc"));
      zip.finish();
    }
    assertEquals([...Deno.readFileSync(path)], [
      ...content,
      ...directory,
      // 4.3.14 to 4.3.16: the directory in numbers of 64 bits, where that stands, and the directory again
      ...record("PK\x06\x06", [44, 8], [45, 2], [45, 2], [0, 8], ...counts(8), [
        directory.length,
        8,
      ], [begin, 8]),
      ...record("PK\x06\x07", [0, 4], [end, 8], [1, 4]),
      ...record("PK\x05\x06", [0, 4], ...counts(2), [directory.length, 4], [begin, 4], [0, 2]),
    ]);
  });
});

Deno.test("numbers of 64 bits follow in an extra field, in the order of those that did not fit", () => {
  const wide = 0xffffffff;
  for (const [packed, size, header] of [[3, wide, 0], [wide, 3, 0], [wide, wide, wide]]) {
    const values = [[size, 3], [packed, 3], [header, 0]].filter(([field]) => field === wide);
    const extra = [
      ...record("", [0x7075, 2], [1, 2], [7, 1]), // another one before
      ...record(
        "",
        [1, 2],
        [8 * values.length, 2],
        ...values.map(([, value]) => [value, 8] as const),
      ),
    ];
    const local = record("PK\x03\x04", [45, 2], [0, 8], [0, 4], [3, 4], [3, 4], [1, 2], [0, 2]);
    const content = [...local, 97, ...encoder.encode("abc")];
    const lengths = [[1, 2], [extra.length, 2], [0, 10]] as const;
    const central = record(
      "PK\x01\x02",
      [45, 4],
      [0, 8],
      [0, 4],
      [packed, 4],
      [size, 4],
      ...lengths,
      [header, 4],
    );
    const directory = [...central, 97, ...extra];
    const end = record("PK\x05\x06", [0, 4], [1, 2], [1, 2], [directory.length, 4], [
      content.length,
      4,
    ], [0, 2]);
    inFolder((folder) => {
      const path = join(folder, "a.zip");
      Deno.writeFileSync(path, Uint8Array.from([...content, ...directory, ...end]));
      assertEquals(contents(path), { a: "abc" });
    });
  }
});

Deno.test("a name in an extra field takes the place of the one that it was written for, not of another", () => {
  const name = encoder.encode("ä");
  for (const [checksum, found] of [[crc("?"), "ä"], [crc("!"), "?"]] as const) {
    const extra = [
      ...record("", [0x7075, 2], [5 + name.length, 2], [1, 1], [checksum, 4]),
      ...name,
    ];
    const lengths = [[1, 2], [extra.length, 2]] as const;
    const sizes = [[0, 4], [0, 4], [0, 4]] as const;
    const local = record("PK\x03\x04", [45, 2], [0, 8], ...sizes, [1, 2], [0, 2]);
    const central = record("PK\x01\x02", [45, 4], [0, 8], ...sizes, ...lengths, [0, 14]);
    const directory = [...central, ...encoder.encode("?"), ...extra];
    const counts = [[1, 2], [1, 2], [directory.length, 4], [local.length + 1, 4], [0, 2]] as const;
    const end = record("PK\x05\x06", [0, 4], ...counts);
    inFolder((folder) => {
      const path = join(folder, "a.zip");
      const bytes = [...local, ...encoder.encode("?"), ...directory, ...end];
      Deno.writeFileSync(path, Uint8Array.from(bytes));
      assertEquals(contents(path), { [found]: "" });
    });
  }
});

Deno.test("a file of no name and no bytes may be the last", () => {
  inFolder((folder) => {
    const path = join(folder, "a.zip");
    {
      using file = Deno.openSync(path, { write: true, create: true });
      const zip = new ZipWriter(file);
      zip.add("", new Uint8Array());
      zip.finish();
    }
    assertEquals(contents(path), { "": "" });
  });
});

Deno.test("an archive of more files than 16 bits can count is listed whole, also where the count began anew", () => {
  inFolder((folder) => {
    const path = join(folder, "a.zip"), count = 65_537;
    {
      using file = Deno.openSync(path, { write: true, create: true });
      const zip = new ZipWriter(file);
      for (let i = 0; i < count; i++) zip.add(String(i), new Uint8Array());
      zip.finish();
    }
    const listed = () => {
      using file = new InputFile(path);
      return readZipDirectory(file).size;
    };
    assertEquals(listed(), count);
    {
      using file = Deno.openSync(path, { write: true });
      file.seekSync(-22 - 20, Deno.SeekMode.End);
      file.writeSync(new Uint8Array(4)); // nothing points to the numbers of 64 bits any more
      file.seekSync(-22 + 8, Deno.SeekMode.End);
      file.writeSync(Uint8Array.of(1, 0, 1, 0));
    }
    assertEquals(listed(), count);
  });
});

Deno.test("an archive is read behind a program, whatever its numbers count from, and never for another one", () => {
  inFolder((folder) => {
    const write = (name: string, files: readonly string[]) => {
      using file = Deno.openSync(join(folder, name), { write: true, create: true });
      const zip = new ZipWriter(file);
      for (const name of files) zip.add(name, encoder.encode(name));
      zip.finish();
      return Deno.readFileSync(join(folder, name));
    };
    const wide = write("a.zip", ["x", "y"]), path = join(folder, "b.zip");
    const narrow = Uint8Array.from([...wide.subarray(0, -76 - 22), ...wide.subarray(-22)]);
    for (const archive of [wide, narrow]) {
      Deno.writeFileSync(path, Uint8Array.from([...encoder.encode("#!/bin/sh"), ...archive]));
      assertEquals(contents(path), { x: "x", y: "y" });
    }
    const refused = (bytes: number[], message: string) => {
      Deno.writeFileSync(path, Uint8Array.from(bytes));
      assertThrows(() => contents(path), Error, message);
    };
    refused([...wide, ...wide], "another archive stands in front of it");
    const rest = [...Array(500).fill(1), ...wide, 0, 0]; // of a larger one that was cut behind this one
    refused(rest, "its list of files is damaged");
  });
});

Deno.test("an archive that is cut short anywhere is refused", () => {
  inFolder((folder) => {
    const path = join(folder, "a.zip");
    {
      using file = Deno.openSync(path, { write: true, create: true });
      const zip = new ZipWriter(file);
      zip.add("a", encoder.encode("abc"));
      zip.finish();
    }
    const whole = Deno.readFileSync(path);
    for (let length = 0; length < whole.length; length++) {
      Deno.writeFileSync(path, whole.subarray(0, length));
      assertThrows(() => contents(path), Error, "it is cut short");
    }
  });
});

Deno.test("bytes are checked a mebibyte at a time, those without a checksum are not", () => {
  inFolder((folder) => {
    const path = join(folder, "f");
    const bytes = Uint8Array.from({ length: 2 ** 21 + 7 }, (_, i) => i % 251);
    Deno.writeFileSync(path, bytes);
    using file = new InputFile(path);
    const part = { begin: 3, size: bytes.length - 3 };
    const sum = crc32(bytes.subarray(3));
    checkBytes(file, { ...part, crc: sum });
    checkBytes(file, { ...part, crc: 0 });
    assertThrows(() => checkBytes(file, { ...part, crc: sum ^ 1 }), Error, "it is damaged");
    assertThrows(() => checkBytes(file, { ...part, begin: 2, crc: sum }), Error, "it is damaged");
  });
});

Deno.test("a list of files beyond 256 MiB is refused before it is read", () => {
  inFolder((folder) => {
    const path = join(folder, "a.zip"), size = 2 ** 28 + 1;
    {
      using file = Deno.openSync(path, { write: true, create: true });
      file.truncateSync(size); // takes no room
      file.seekSync(0, Deno.SeekMode.End);
      const end = record("PK\x05\x06", [0, 4], [1, 2], [1, 2], [size, 4], [0, 4], [0, 2]);
      file.writeSync(Uint8Array.from(end));
    }
    assertThrows(() => contents(path), Error, "it is cut short");
  });
});
