import { assertEquals, assertThrows } from "@std/assert";
import { join } from "@std/path";
import { openTensorFile } from "../../../src/checkpoint/open_tensor_file.ts";
import { ZipWriter } from "../../../src/files/zip/writer.ts";
import { testTensor } from "../../helpers.ts";
import { inFolder } from "../in_folder.ts";

/** Bytes of characters up to 255. */
function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(text, (char) => char.charCodeAt(0));
}

const DICT = "ccollections\nOrderedDict\n)R";
const BEGIN =
  "\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19.\x80\x02M\xe9\x03.\x80\x02}.";
const NO_STORAGES = "\x80\x02].";
const ONE_STORAGE = "\x80\x02]U\x01ka.";
const FOUR = "\x04\0\0\0\0\0\0\0" + "\0".repeat(16);

/** A file of the old layout: the saved object, then the rest of the file. */
function legacy(pickle: string, rest = NO_STORAGES): Uint8Array<ArrayBuffer> {
  return bytesOf(`${BEGIN}\x80\x02${pickle}.${rest}`);
}

/** The pickle of `{"a": tensor}` over a storage of four floats, with this offset, shape and strides. */
function tensor(layout: string, type = "FloatStorage", length = "K\x04"): string {
  const storage = `(U\x07storagectorch\n${type}\nU\x01kU\x03cpu${length}NtQ`;
  return `}U\x01actorch._utils\n_rebuild_tensor_v2\n(${storage}${layout}\x89${DICT}tRs`;
}

const whole = tensor("K\x00K\x04\x85K\x01\x85");

const hostile: [what: string, file: Uint8Array<ArrayBuffer>, message: string][] = [
  [
    "a call of os.system",
    legacy("cos\nsystem\nU\x04echo\x85R"),
    'it asks for the Python object "os.system", which is neither a tensor nor a container',
  ],
  ["a call of eval by protocol 4", legacy("\x8c\x08builtins\x8c\x04eval\x93"), '"builtins.eval"'],
  ["a class of Python's own", legacy("csubprocess\nPopen\nU\x04echo\x85R"), '"subprocess.Popen"'],
  ["a function of another package", legacy("ctorch.hub\nload\n"), '"torch.hub.load"'],
  ["a function as a value", legacy("}U\x01acfunctools\npartial\ns"), '"functools.partial"'],
  ["a function of a private module", legacy("c_posixsubprocess\nFork\n"), "_posixsubprocess.Fork"],
  ["a class with a function inside its name", legacy("ca.b\nC.load\n"), '"a.b.C.load"'],
  [
    "an object instead of tensors",
    legacy("c__main__\nNet\n)\x81}b"),
    'an object of the class "__main__.Net" instead of a dictionary of tensors',
  ],
  [
    "elements in an unknown storage",
    legacy(tensor("K\x00K\x04\x85K\x01\x85", "OtherStorage")),
    'it holds elements in a "torch.OtherStorage"',
  ],
  [
    "an odd number of items for an object",
    legacy("ca\nB\n)\x81(Nu"),
    "fills something that is not a dictionary",
  ],
  [
    "more dictionaries than memory has room for",
    legacy("}".repeat(500_001)),
    "its index holds more than 500000 containers",
  ],
  [
    "more values to recall than memory has room for",
    legacy("N" + "\x94".repeat(2 ** 21 + 2)),
    "its index keeps more than 2097152 values",
  ],
  ["a name without end", legacy("c" + "a".repeat(1001)), "a name of more than 1000 bytes"],
  ["an instance of a class", legacy("(i__main__\nEvil\n"), "the pickle instruction 0x69"],
  ["a state for a tensor", legacy(`${whole}U\x01ah\x00`), "recalls what it never built"],
  ["attributes on a list", legacy("]}b"), "changes an object that is not a dictionary"],
  ["a dictionary called", legacy("})R"), "its index calls something that cannot be called"],
  ["a storage type called", legacy("ctorch\nFloatStorage\n)R"), 'calls "torch.FloatStorage"'],
  ["a list without beginning", legacy("t"), "a pickle's list has no beginning"],
  ["nothing to append", legacy("a"), "a pickle's value is missing"],
  ["an odd number of keys and values", legacy("}(Nu"), "fills something that is not a dictionary"],
  ["a text of 4 GB", legacy("X\xff\xff\xff\xff"), "claims a value of 4294967295 bytes"],
  ["a reference to no storage", legacy("NQ"), "points to something that is not a storage"],
  [
    "part of another storage",
    legacy("(U\x07storagectorch\nFloatStorage\nU\x01kU\x03cpuK\x04U\x01jK\x00K\x04\x87tQ"),
    'storage "k" is part of another',
  ],
  [
    "a long list that is called upon again and again",
    legacy(
      `]q\x00(${"h\x00".repeat(10_000)}e0ctorch\nSize\nq\x010${"h\x01h\x00\x85R0".repeat(1000)}}`,
    ),
    "its index gives its calls more than 8388608 values",
  ],
  [
    "an index without end",
    legacy("(".repeat(2 ** 23 + 1)),
    "its index has more than 8388608 bytes",
  ],
  ["no dictionary", legacy("]"), "it holds no dictionary of tensors"],
  ["no tensors", legacy("}U\x01aNs"), "it holds no tensors"],
  [
    "a dictionary in itself",
    legacy("}q\x00U\x01ah\x00s"),
    "its dictionaries lie more than 32 deep",
  ],
  [
    "dictionaries that share endlessly",
    legacy(
      `}${
        Array.from({ length: 30 }, (_, i) => `q${char(i)}}(U\x01ah${char(i)}U\x01bh${char(i)}u`)
          .join("")
      }`,
    ),
    "it holds more than 300000 values",
  ],
  [
    "two tensors of one name",
    legacy(`}(U\x03a.b${value(whole)}U\x01a}U\x01b${value(whole)}su`, ONE_STORAGE + FOUR),
    'two tensors named "a.b"',
  ],
  [
    "a tensor beyond its storage",
    legacy(tensor("K\x02K\x04\x85K\x01\x85")),
    "reaches beyond its storage",
  ],
  [
    "strides beyond its storage",
    legacy(tensor("K\x00K\x02\x85K\x04\x85")),
    "reaches beyond its storage",
  ],
  [
    "a tensor larger than its storage",
    legacy(tensor("K\x00J\xff\xff\xff\x7f\x85K\x00\x85")),
    "repeats its 4 elements",
  ],
  [
    "a negative shape",
    legacy(tensor("K\x00J\xff\xff\xff\xff\x85K\x01\x85")),
    "an impossible shape",
  ],
  ["negative strides", legacy(tensor("K\x00K\x02\x85J\xff\xff\xff\xff\x85")), "impossible strides"],
  [
    "a shape that overflows",
    legacy(
      tensor(
        "K\x00J\xff\xff\xff\x7f".concat("J\xff\xff\xff\x7f".repeat(2), "\x87K\x01K\x01K\x01\x87"),
      ),
    ),
    "an impossible shape",
  ],
  ["too few strides", legacy(tensor("K\x00K\x04\x85)")), "impossible strides"],
  [
    "elements of 16-bit integers",
    legacy(tensor("K\x00K\x04\x85K\x01\x85", "ShortStorage")),
    '"torch.ShortStorage"',
  ],
  ["a missing storage", legacy(whole), 'the elements of tensor "a" are missing'],
  [
    "a shorter storage",
    legacy(whole, ONE_STORAGE + "\x03" + FOUR.slice(1)),
    "has 3 elements where its index has 4",
  ],
  [
    "a storage that is cut short",
    legacy(whole, ONE_STORAGE + FOUR.slice(0, 20)),
    "it is cut short",
  ],
  ["trailing bytes", legacy(whole, ONE_STORAGE + FOUR + "x"), "it is too long"],
  ["an unknown key", legacy(whole, "\x80\x02]U\x01ja." + FOUR), "its list of storages is damaged"],
  [
    "another program's pickle",
    bytesOf("\x80\x02}U\x04nameK\x01s."),
    "a pickle that torch.save did not write",
  ],
  [
    "a big-endian machine",
    bytesOf(BEGIN.replace("}.", "}U\x0dlittle_endian\x89s.") + "\x80\x02}."),
    "on a big-endian machine",
  ],
  ["a cut archive", archive({ "a/data.pkl": "\x80\x02}." }).slice(0, -30), "it is cut short"],
  [
    "an archive of something else",
    archive({ "word/document.xml": "<xml>" }),
    "a zip archive that torch.save did not write",
  ],
  [
    "a TorchScript program",
    archive({ "a/data.pkl": "\x80\x02}.", "a/constants.pkl": "" }),
    "it is a TorchScript program",
  ],
  [
    "a big-endian byteorder",
    archive({ "a/data.pkl": "\x80\x02}.", "a/byteorder": "big" }),
    "it was written on a big-endian machine",
  ],
  [
    "an encrypted file",
    archive({ "a/data.pkl": "\x80\x02}." }, (bytes) => bytes.with(central(bytes) + 8, 1)),
    "is compressed or encrypted",
  ],
  [
    "an index that changed since it was written",
    archive({ "a/data.pkl": "\x80\x02}U\x01aNs." }, (bytes) => {
      return bytes.with(bytes.indexOf(0x61, 64), 0x62);
    }),
    "a checksum in it does not match its bytes",
  ],
  [
    "a file that comes twice",
    archive(
      { "a/data.pkl": "\x80\x02}.", "b/data.pkl": "" },
      (bytes) => bytes.map((byte, i) => byte === 98 && bytes[i + 1] === 47 ? 97 : byte),
    ),
    "overlaps another or comes twice",
  ],
  [
    "a compressed file",
    archive({ "a/data.pkl": "\x80\x02}." }, (bytes) => bytes.with(central(bytes) + 10, 8)),
    "is compressed or encrypted",
  ],
  [
    "files that overlap",
    archive({ "a/data.pkl": "\x80\x02}.", "a/data/0": "1234".repeat(99) }, (bytes) => {
      return bytes.with(central(bytes) + 20, 99).with(central(bytes) + 24, 99);
    }),
    "overlaps another",
  ],
  [
    "a file beyond the archive",
    archive(
      { "a/data.pkl": "\x80\x02}." },
      (bytes) => bytes.with(central(bytes) + 22, 1).with(central(bytes) + 26, 1),
    ),
    "it is cut short",
  ],
];

function char(code: number): string {
  return String.fromCharCode(code);
}

/** The tensor out of the dictionary that {@linkcode tensor} puts it in. */
function value(pickle: string): string {
  return pickle.slice("}U\x01a".length, -1);
}

function archive(
  files: Record<string, string>,
  change: (bytes: Uint8Array<ArrayBuffer>) => Uint8Array<ArrayBuffer> = (bytes) => bytes,
): Uint8Array<ArrayBuffer> {
  const path = Deno.makeTempFileSync();
  {
    using file = Deno.openSync(path, { write: true });
    const zip = new ZipWriter(file);
    for (const [name, content] of Object.entries(files)) zip.add(name, bytesOf(content));
    zip.finish();
  }
  const bytes = Deno.readFileSync(path);
  Deno.removeSync(path);
  return change(bytes);
}

/** Where the directory of an archive begins. */
function central(bytes: Uint8Array): number {
  return bytes.findIndex((_, i) => [0x50, 0x4b, 1, 2].every((byte, j) => bytes[i + j] === byte));
}

for (const [what, file, message] of hostile) {
  testTensor(`a file with ${what} is refused with its fault`, () => {
    inFolder((folder) => {
      const path = join(folder, "hostile.pth");
      Deno.writeFileSync(path, file);
      assertThrows(() => openTensorFile(path), Error, message);
    });
  });
}

testTensor("the same file without a fault is read", () => {
  inFolder((folder) => {
    const path = join(folder, "harmless.pth");
    Deno.writeFileSync(path, legacy(whole, ONE_STORAGE + FOUR));
    using file = openTensorFile(path);
    assertEquals(file.read("a").toList(), [0, 0, 0, 0]);
  });
});

testTensor("a transposed matrix at the very end of a file is read", () => {
  inFolder((folder) => {
    const path = join(folder, "harmless.pth");
    const floats = "\x04\0\0\0\0\0\0\0" + "\0\0\x80\x3f\0\0\0\x40".repeat(2); // 1, 2, 1, 2
    const transposed = tensor("K\x00K\x02K\x02\x86K\x01K\x02\x86");
    Deno.writeFileSync(path, legacy(transposed, ONE_STORAGE + floats));
    using file = openTensorFile(path);
    assertEquals(file.read("a").toList(), [[1, 1], [2, 2]]);
  });
});

testTensor("pickles of every protocol from 2 to 5, and names of many parts, are read", () => {
  inFolder((folder) => {
    const path = join(folder, "nested.pth");
    const nested = `}U\x01a}U\x01b}U\x01c}U\x01d}U\x01e${value(whole)}sssss`;
    for (const protocol of [2, 3, 4, 5]) {
      const bytes = legacy(nested, ONE_STORAGE + FOUR);
      Deno.writeFileSync(path, bytes.with(BEGIN.length + 1, protocol));
      using file = openTensorFile(path);
      assertEquals([...file.entries.keys()], ["a.b.c.d.e"]);
    }
  });
});
