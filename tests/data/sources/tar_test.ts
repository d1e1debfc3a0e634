import { assertEquals, assertThrows } from "@std/assert";
import { InputFile } from "../../../src/files/input_file.ts";
import { readTar } from "../../../src/data/sources/tar.ts";
import { formatTarIndex, parseTarIndex } from "../../../src/data/sources/tar_index.ts";
import { writeEnd, writeMember } from "../../../src/data/sources/tar_writer.ts";
import { inFolder } from "../../checkpoint/in_folder.ts";

const encoder = new TextEncoder();

/** A header by POSIX, pax: fields by their places, and the checksum of all bytes, itself as blanks. */
function header(fields: Readonly<Record<number, string | Uint8Array>>, signed = false): Uint8Array {
  const block = new Uint8Array(512);
  const put = (at: number, text: string | Uint8Array) =>
    block.set(typeof text === "string" ? encoder.encode(text) : text, at);
  for (
    const [at, text] of Object.entries({
      124: "00000000003\0",
      156: "0",
      148: "        ",
      ...fields,
    })
  ) {
    put(Number(at), text);
  }
  if (fields[148] === undefined) {
    const sum = block.reduce((sum, byte) => sum + (signed && byte > 127 ? byte - 256 : byte), 0);
    put(148, sum.toString(8).padStart(6, "0") + "\0 ");
  }
  return block;
}

const content = (text = "abc") => {
  const block = new Uint8Array(Math.ceil(text.length / 512) * 512);
  block.set(encoder.encode(text));
  return block;
};
const END = new Uint8Array(1024);

/** The members of an archive of these blocks: name, kind, link, text. */
function members(...blocks: Uint8Array[]) {
  return inFolder((folder) => {
    const path = `${folder}/a.tar`;
    Deno.writeFileSync(path, Uint8Array.from(blocks.flatMap((block) => [...block])));
    using file = new InputFile(path);
    const ends: string[] = [];
    const found = Array.from(
      readTar(file, (end) => ends.push(end)),
      ({ name, kind, linkName, begin, size }) => [
        name,
        kind,
        linkName,
        new TextDecoder().decode(file.bytes(begin, size)),
      ],
    );
    return [...found, ...ends];
  });
}

Deno.test("names, kinds and links of members are read in every dialect", () => {
  const long = "n".repeat(100), prefix = "p".repeat(155);
  const ustar = { 257: "ustar\x0000" };
  assertEquals(
    members(
      ...[header({ 0: long, 345: prefix, 500: "padding", ...ustar }), content()],
      ...[header({ 0: "gnu", 345: "no prefix", 257: "ustar  \0" }), content()],
      ...[header({ 0: "v7/", 156: "\0" }), content()],
      header({ 0: "hard", 124: "0", 156: "1", 157: "to" }),
      header({ 0: "soft", 124: "0", 156: "2", 157: "to" }),
      header({ 0: "folder", 124: "0", 156: "5" }),
      ...[header({ 0: "cont", 156: "7" }), content()],
      header({ 0: "fifo", 124: "0", 156: "6" }),
      ...[
        header({ 0: "big", 124: Uint8Array.of(0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 3) }),
        content(),
      ],
      ...[header({ 0: "signed\u00e9" }, true), content()],
      END,
      header({ 0: "behind" }),
    ),
    [
      [`${prefix}/${long}`, "file", "", "abc"],
      ["gnu", "file", "", "abc"],
      ["v7/", "folder", "", "abc"],
      ["hard", "link", "to", ""],
      ["soft", "other", "", ""],
      ["folder", "folder", "", ""],
      ["cont", "file", "", "abc"],
      ["fifo", "other", "", ""],
      ["big", "file", "", "abc"],
      ["signed\u00e9", "file", "", "abc"],
      "more behind",
    ],
  );
});

Deno.test("extended headers say names, links and sizes of the next member or of all, until they are taken back", () => {
  const record = (type: string, ...records: string[]) => {
    const text = records.map((one) => {
      const length = one.length + 3;
      return `${length < 10 ? one.length + 3 : one.length + 4} ${one}\n`;
    }).join("");
    return [header({ 124: text.length.toString(8).padStart(11, "0"), 156: type }), content(text)];
  };
  const text = (type: string, name: string) => [
    header({ 124: (name.length + 1).toString(8).padStart(11, "0"), 156: type }),
    content(`${name}\0`),
  ];
  assertEquals(
    members(
      ...[...record("g", "path=all", "linkpath=there"), header({ 0: "a" }), content()],
      ...[
        ...record("x", "path=own name", "linkpath=target", "size=2"),
        header({ 0: "b", 156: "1" }),
        content(),
      ],
      ...[header({ 0: "c" }), content()],
      ...[...record("g", "path=", "linkpath="), header({ 0: "d" }), content()],
      ...[...text("L", "long"), ...text("K", "link"), header({ 0: "e", 156: "1" }), content()],
      ...[...record("x", "GNU.sparse.major=1"), header({ 0: "f" }), content()],
      END,
    ),
    [
      ["all", "file", "", "abc"],
      ["own name", "link", "target", "ab"],
      ["all", "file", "", "abc"],
      ["d", "file", "", "abc"],
      ["long", "link", "link", "abc"],
      ["f", "other", "", "abc"],
    ],
  );
});

Deno.test("damage is told by its place, and an archive without its end by that", () => {
  const member = [header({ 0: "a" }), content()];
  assertEquals(members(...member), [["a", "file", "", "abc"], "no mark"]);
  const refused: [blocks: Uint8Array[], reason: string][] = [
    [[header({ 0: "a", 148: "000001\0 " }), content()], "no tar header at byte 0"],
    [[...member, header({ 0: "b", 148: "000001\0 " })], 'at byte 1024, behind its member "a"'],
    [
      [header({ 0: "a", 124: "00000001001" }), content()],
      'its member "a" ends at byte 1025, the file at 1024',
    ],
    [[new Uint8Array(100)], "100 bytes are not a tar archive"],
    [
      [...member, new Uint8Array(100).fill(1)],
      'its member "a" ends at byte 1024, the file at 1124',
    ],
    [
      [header({ 124: "00004000001", 156: "L" }), new Uint8Array(2 ** 20 + 512)],
      "no tar header at byte 0",
    ],
    [[header({ 124: "00000000005", 156: "x" }), content("9 a=b")], "an extended header is damaged"],
    [
      [header({ 124: "00000000011", 156: "x" }), content("9 size=x\n"), ...member],
      "says a size of",
    ],
  ];
  for (const [blocks, reason] of refused) {
    assertThrows(() => members(...blocks), Error, reason);
  }
});

Deno.test("what is written has POSIX's header, without times and owners, and is read back", () => {
  inFolder((folder) => {
    const path = `${folder}/a.tar`, long = `${"é".repeat(60)}.jpg`;
    using archive = Deno.openSync(path, { create: true, read: true, write: true });
    const begins = ["a.jpg", long].map((name) => writeMember(archive, name, encoder.encode("abc")));
    writeEnd(archive);
    const bytes = Deno.readFileSync(path);
    const expected = header({
      ...{ 0: "a.jpg", 100: "0000644\0", 108: "0000000\0", 116: "0000000\0" },
      ...{ 136: "00000000000\0", 257: "ustar\x0000" },
    });
    assertEquals([...bytes.subarray(0, 512)], [...expected]);
    assertEquals([begins, bytes.length], [[512, 2560], 4096]);
    using file = new InputFile(path);
    assertEquals(Array.from(readTar(file, () => {}), ({ name, begin }) => [name, begin]), [[
      "a.jpg",
      512,
    ], [long, 2560]]);
  });
});

Deno.test("an index names endings, places and members, and is read back", () => {
  const sample = [
    { name: "1.jpg", offset: 512, length: 3 },
    { name: "1.seg.png", offset: 1536, length: 40 },
  ];
  const text = formatTarIndex([sample, sample.slice(1)]);
  assertEquals(
    text,
    "v1.2 2\njpg 512 3 1.jpg seg.png 1536 40 1.seg.png\nseg.png 1536 40 1.seg.png\n",
  );
  assertEquals(parseTarIndex(text), [sample, sample.slice(1)]);
});

Deno.test("numbers may stand among blanks or zeros, end where their field does, and hold nothing else", () => {
  const size = (field: string) => [header({ 0: "a", 124: field }), content()];
  const read = [["a", "file", "", "abc"], "no mark"];
  for (
    const field of ["          3 ", "3           ", "3\0 garbage ", "000000000003", "         3\0 "]
  ) {
    assertEquals(members(...size(field)), read, field);
  }
  for (const field of ["0x3\0", "3a", "8\0", "-3"]) {
    assertThrows(() => members(...size(field)), Error, "no tar header at byte 0");
  }
  const plain = header({ 0: "a" });
  const sum = new TextDecoder().decode(plain.subarray(148, 154));
  for (const field of [`${Number(sum)}\0       `, ` ${Number(sum)} \0   `, `${sum}  `]) {
    assertEquals(members(header({ 0: "a", 148: field.slice(0, 8) }), content()), read, field);
  }
});
