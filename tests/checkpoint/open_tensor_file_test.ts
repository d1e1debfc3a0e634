import { assertEquals, assertThrows } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import { openTensorFile } from "../../src/checkpoint/open_tensor_file.ts";
import { writeSafetensors } from "../../src/checkpoint/safetensors.ts";
import { filesOf } from "../../src/checkpoint/sharded_file.ts";
import { writeTorch } from "../../src/checkpoint/torch/write_torch.ts";
import { full } from "../../src/tensor/create.ts";
import { testTensor } from "../helpers.ts";
import { inFolder } from "./in_folder.ts";

const others: Record<string, [content: string, message: string]> = {
  "pointer of Git LFS": [
    `version https://git-lfs.github.com/spec/v1\noid sha256:${"0".repeat(64)}\nsize 88283115\n`,
    "it is a pointer of Git LFS, not the file itself: run `git lfs pull`",
  ],
  "web page": ["\n<!DOCTYPE html><html>", "it is a web page, not the file itself"],
  "web page with a byte order mark": ["\xef\xbb\xbf<HTML>", "it is a web page"],
  "index under another name": ['{"weight_map": {}}', "pass their folder"],
  "gzip": ["\x1f\x8b\x08\0", "it is packed by gzip: unpack it"],
  "bzip2": ["BZh91AY", "it is packed by bzip2"],
  "xz": ["\xfd7zXZ\0", "it is packed by xz"],
  "Zstandard file": ["\x28\xb5\x2f\xfd", "it is packed by Zstandard"],
  "7-Zip archive": ["7z\xbc\xaf\x27\x1c", "it is an archive of 7-Zip"],
  "RAR archive": ["Rar!\x1a\x07", "it is an archive of RAR"],
  "tar archive": ["weights.pth".padEnd(257, "\0") + "ustar\0", "it is a tar archive: unpack it"],
  "HDF5 file": ["\x89HDF\r\n\x1a\n", "Keras or TensorFlow"],
  "language model": ["GGUF\x03\0\0\0", "in GGUF"],
  "NumPy array": ["\x93NUMPY\x01\0", "a single array of NumPy"],
  "image": ["\x89PNG\r\n\x1a\n", "it is an image"],
  "JPEG": ["\xff\xd8\xff\xe0\0\x10JFIF", "it is an image"],
  "GIF": ["GIF89a", "it is an image"],
  "WebP": ["RIFF\0\0\0\0WEBP", "it is an image"],
  "list in JSON": ["\n [1, 2]", "it is JSON"],
  "object in JSON with a byte order mark": ['\xef\xbb\xbf {"a": 1}', "it is JSON"],
  "ONNX program": ["\x08\x08\x12\x07pytorch\x1a\x06", "it is a program in ONNX"],
  "ONNX program of another maker": ["\x08\x0a:\x80\x01", "it is a program in ONNX"],
  "empty file": ["", "it is empty"],
};

for (const [what, [content, message]] of Object.entries(others)) {
  Deno.test(`${/^[aeoHR]/.test(what) ? "an" : "a"} ${what} is called that and refused`, () => {
    inFolder((folder) => {
      const path = join(folder, "weights.safetensors");
      Deno.writeFileSync(path, Uint8Array.from(content, (char) => char.charCodeAt(0)));
      assertThrows(() => openTensorFile(path), Error, message);
    });
  });
}

Deno.test("files of a few bytes are told to be too short, and a bit of an archive to be cut", () => {
  inFolder((folder) => {
    const path = join(folder, "weights.pth");
    for (let size = 1; size < 8; size++) {
      Deno.writeFileSync(path, new Uint8Array(size));
      const message = `Cannot read "${path}": it has ${size} bytes, too few`;
      assertThrows(() => openTensorFile(path), Error, message);
    }
    Deno.writeTextFileSync(path, "PK\x03\x04");
    assertThrows(() => openTensorFile(path), Error, "it is cut short");
  });
});

Deno.test("pipes, devices and folders are refused at once", () => {
  inFolder((folder) => {
    const path = join(folder, "pipe.pth");
    new Deno.Command("mkfifo", { args: [path] }).outputSync();
    assertThrows(() => openTensorFile(path), Error, "it is a pipe, not a file");
    assertThrows(() => openTensorFile(folder), Error, "it is a folder, not a file");
    assertThrows(() => openTensorFile("/dev/zero"), Error, "it is a device, not a file");
    const missing = join(folder, "missing");
    assertThrows(() => openTensorFile(missing), Error, "there is no such file");
  });
});

testTensor(
  "pickles of protocols 2 to 5 are told from the header of safetensors by their first bytes",
  () => {
    inFolder((folder) => {
      const path = join(folder, "weights.safetensors");
      const legacy = Deno.readFileSync(new URL("../golden/every_view_legacy.pth", import.meta.url));
      for (const protocol of [2, 3, 4, 5]) {
        legacy[1] = protocol; // a later one may hold what an earlier one has
        Deno.writeFileSync(path, legacy);
        using file = openTensorFile(path);
        assertEquals(file.read("param").toList(), [1.5, -2]);
      }
      for (const protocol of [1, 6]) {
        legacy[1] = protocol;
        Deno.writeFileSync(path, legacy);
        assertThrows(() => openTensorFile(path), Error, "does not start like a safetensors file");
      }
    });
  },
);

/** Writes two files of one tensor each, and their index with any changes. */
function writeShards(folder: string, changes: Record<string, unknown> = {}): string {
  writeSafetensors(join(folder, "one.safetensors"), { a: full([1], 1) }, { format: "pt" });
  writeTorch(join(folder, "two.bin"), { b: full([2], 2) });
  const path = join(folder, "model.safetensors.index.json");
  const weight_map = { a: "one.safetensors", b: "two.bin", ...changes };
  Deno.writeTextFileSync(path, JSON.stringify({ metadata: { total_size: 12 }, weight_map }));
  return path;
}

testTensor("a header whose length begins like another format is that of safetensors", () => {
  inFolder((folder) => {
    const path = join(folder, "w.safetensors");
    // The marks of gzip, of zip in one byte and the other, and of a pickle of protocol 0 or 2.
    for (const length of [0x8b1f, 0x50, 0x4b08, 0x80, 0x280]) {
      const file = new Uint8Array(8 + length).fill(0x20);
      new DataView(file.buffer).setBigUint64(0, BigInt(length), true);
      file.set(
        new TextEncoder().encode('{"a":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}}'),
        8,
      );
      Deno.writeFileSync(path, file);
      using opened = openTensorFile(path);
      assertEquals([...opened.entries.keys()], ["a"]);
    }
  });
});

testTensor(
  "a file whose bytes do not match its digest is not opened, one without a digest is",
  () => {
    inFolder((folder) => {
      const path = join(folder, "w.safetensors");
      writeSafetensors(path, { a: full([2], 1) });
      const bytes = Deno.readFileSync(path);
      Deno.writeFileSync(path, bytes.with(bytes.length - 1, 1));
      assertThrows(() => openTensorFile(path), Error, "its bytes do not match its digest");
      const python = new URL("../golden/every_dtype.safetensors", import.meta.url);
      using file = openTensorFile(fromFileUrl(python));
      assertEquals(file.state, { written_by: "safetensors for Python", umlaut: "ä" });
    });
  },
);

testTensor("several files are read as one by their index", () => {
  inFolder((folder) => {
    const path = writeShards(folder);
    using file = openTensorFile(path);
    assertEquals([...file.entries.keys()], ["a", "b"]);
    assertEquals([file.read("a").toList(), file.read("b").toList()], [[1], [2, 2]]);
    assertThrows(() => file.read("c"), Error, 'Cannot read "c"');
    const files = ["one.safetensors", "two.bin"].map((name) => join(folder, name));
    assertEquals(file.size, files.reduce((sum, name) => sum + Deno.statSync(name).size, 0));
    assertEquals(filesOf(path), [path, ...files]);
    assertEquals(filesOf(files[0]), [files[0]]);
  });
});

testTensor("an index that its files contradict, or that leads elsewhere, is refused", () => {
  inFolder((folder) => {
    const refused = (changes: Record<string, unknown>, message: string) => {
      const path = writeShards(folder, changes);
      assertThrows(() => openTensorFile(path), Error, message);
    };
    refused({ c: "one.safetensors" }, '"c" is not in "one.safetensors", where the index has it');
    refused({ b: "three.bin" }, "there is no such file");
    for (const place of ["../two.bin", "/etc/passwd", "a\\b", "", 3]) {
      refused({ b: place }, '"b" in a file that is not beside it');
    }
    const many = Array.from({ length: 513 }, (_, i) => [`t${i}`, `${i}.bin`]);
    refused(Object.fromEntries(many), "it names 515 files, more than 512");
    refused(Object.fromEntries(many.slice(3)), "there is no such file"); // 512 are allowed
    const path = join(folder, "x.index.json");
    Deno.writeTextFileSync(path, "{}");
    assertThrows(() => openTensorFile(path), Error, "the file of each tensor, is missing");
    Deno.writeTextFileSync(path, "[");
    assertThrows(() => openTensorFile(path), Error, "it is not JSON");
    Deno.truncateSync(path, 2 ** 24 + 1);
    assertThrows(() => openTensorFile(path), Error, "more than 16777216 bytes");
  });
});
