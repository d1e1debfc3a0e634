import { assertEquals, assertThrows } from "@std/assert";
import { join } from "@std/path";
import { deflateRawSync } from "node:zlib";
import { InputFile } from "../../../src/files/input_file.ts";
import { readZipContent } from "../../../src/files/zip/content.ts";
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
