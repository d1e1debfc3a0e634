import { assertEquals, assertThrows } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import { readSafetensors } from "../../../src/checkpoint/safetensors.ts";
import { TorchFile } from "../../../src/checkpoint/torch/torch_file.ts";
import { writeTorch } from "../../../src/checkpoint/torch/write_torch.ts";
import { InputFile } from "../../../src/files/input_file.ts";
import { readZipContent } from "../../../src/files/zip/content.ts";
import { readZipDirectory } from "../../../src/files/zip/directory.ts";
import { full } from "../../../src/tensor/create.ts";
import { liveTensors, scope } from "../../../src/tensor/scope.ts";
import { testTensor } from "../../helpers.ts";
import { inFolder } from "../in_folder.ts";

function golden(name: string): string {
  return fromFileUrl(new URL(`../../golden/${name}`, import.meta.url));
}

const base = [[0, 1, 2, 3, 4, 5], [6, 7, 8, 9, 10, 11], [12, 13, 14, 15, 16, 17], [
  18,
  19,
  20,
  21,
  22,
  23,
]];

const files: [what: string, name: string][] = [
  ["written by torch.save", "every_view.pth"],
  ["of pickle protocol 4", "every_view_protocol4.pth"],
  ["without checksums", "every_view_unchecked.pth"],
  ["of the layout before PyTorch 1.6", "every_view_legacy.pth"],
];

for (const [what, name] of files) {
  testTensor(`a file ${what} has Python's types, shapes and values`, () => {
    using file = new TorchFile(golden(name));
    const list = (name: string) => file.read(name).toList();
    const values = (name: string) => [...file.read(name).toArray()];
    assertEquals(list("teacher.backbone.a"), base);
    assertEquals(list("teacher.t"), base[0].map((_, i) => base.map((row) => row[i])));
    assertEquals(list("teacher.slice"), [[6, 8, 10], [12, 14, 16]]);
    assertEquals(list("teacher.view"), base[2]);
    assertEquals(list("param"), [1.5, -2]);
    assertEquals(file.entries.get("conv.weight")?.shape, [3, 2, 2, 2]);
    assertEquals([list("scalar"), list("list.0"), list("list.1.0")], [2.5, [1], [0]]);
    assertEquals(file.read("empty").shape, [0, 4]);
    assertEquals(values("half"), [Math.f16round(0.1), 65504]);
    assertEquals(values("bf"), [0.10009765625, -1.5]);
    assertEquals(values("f64"), [1 / 3]);
    assertEquals(values("i64"), [2n ** 53n + 1n, -1n]);
    assertEquals([values("i32"), values("u8"), values("b")], [[7, -7], [0, 255], [1, 0]]);
    assertEquals(
      ["half", "bf", "f64", "i64", "i32", "u8", "b"].map((name) => file.entries.get(name)?.dtype),
      ["float16", "bfloat16", "float64", "int64", "int32", "uint8", "bool"],
    );
    assertEquals(file.state, { iteration: 124, arch: "vit_nano", f: 0.25 });
    assertThrows(() => file.read("nothing"), Error, "there is no such tensor");
  });
}

testTensor("what is written is read back bit for bit in every type", () => {
  inFolder((folder) => {
    const { tensors } = readSafetensors(golden("every_dtype.safetensors"));
    const path = join(folder, "deeper", "cöpy.pth");
    writeTorch(path, { ...tensors, "ünïcode": tensors.float32.unsqueeze(0).t() });
    using file = new TorchFile(path);
    assertEquals([...file.entries.keys()], [...Object.keys(tensors), "ünïcode"]);
    for (const [name, tensor] of Object.entries(tensors)) {
      const copy = file.read(name);
      assertEquals([copy.dtype, copy.shape], [tensor.dtype, tensor.shape]);
      assertEquals(copy.toArray(), tensor.toArray());
    }
    assertEquals(file.read("ünïcode").toList(), tensors.float32.unsqueeze(0).t().toList());
  });
});

testTensor("a changed byte of an element is found by its checksum", () => {
  inFolder((folder) => {
    const path = join(folder, "changed.pth");
    const bytes = Deno.readFileSync(golden("every_view.pth"));
    const at = bytes.findLastIndex((byte, i) => byte === 0x20 && bytes[i + 1] === 0x40);
    Deno.writeFileSync(path, bytes.with(at, 0x21));
    using file = new TorchFile(path);
    const { message } = assertThrows(
      () => scope(() => [...file.entries.keys()].forEach((name) => file.read(name))),
      Error,
    );
    assertEquals(
      message,
      `Cannot read "${path}": it is damaged: a checksum in it does not match its bytes`,
    );
  });
});

Deno.test("a tensor read outside of any scope is one tensor", () => {
  using file = new TorchFile(golden("every_view.pth"));
  for (const name of ["scalar", "teacher.slice", "bf"]) {
    const before = liveTensors();
    using tensor = file.read(name);
    assertEquals([tensor.disposed, liveTensors() - before], [false, 1]);
  }
});

testTensor("the archive holds what torch.load looks for, under the file's name", () => {
  inFolder((folder) => {
    const path = join(folder, "w.v2.pth");
    writeTorch(path, { a: full([2], 1), b: full([1], 2, { dtype: "uint8" }) });
    using file = new InputFile(path);
    const entries = readZipDirectory(file);
    assertEquals([...entries.keys()], [
      ...["w.v2/data.pkl", "w.v2/byteorder", "w.v2/data/0", "w.v2/data/1", "w.v2/version"],
    ]);
    const content = (name: string) => [...readZipContent(file, entries.get(`w.v2/${name}`)!)];
    const text = (name: string) => String.fromCharCode(...content(name));
    assertEquals([text("byteorder"), text("version")], ["little", "3\n"]);
    assertEquals([content("data/0"), content("data/1")], [[0, 0, 128, 63, 0, 0, 128, 63], [2]]);
    writeTorch(path, {});
    assertThrows(() => new TorchFile(path), Error, "it holds no tensors");
  });
});
