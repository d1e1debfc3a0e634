import { assertEquals, assertThrows } from "@std/assert";
import { findGlobal, findStorage } from "../../../src/checkpoint/torch/globals.ts";
import { Opaque, SavedTensor, Storage } from "../../../src/checkpoint/torch/values.ts";

/** A tensor of a storage, as a pickle asks for it. */
function tensorIn(storage: Storage, shape: number[], strides: number[], offset = 0): SavedTensor {
  const build = storage.dtype === null
    ? findGlobal("torch._utils._rebuild_tensor_v3").build!
    : findGlobal("torch._utils._rebuild_tensor_v2").build!;
  return build([
    ...[storage, offset, shape, strides, false, new Map()],
    findGlobal("torch.float32"),
  ]) as SavedTensor;
}

Deno.test("a tensor ends within its storage, which counts elements, or bytes where it has no type", () => {
  for (const storage of [new Storage("0", "float32", 6), new Storage("0", null, 24)]) {
    const { dtype, shape } = tensorIn(storage, [2, 3], [3, 1]);
    assertEquals([dtype, shape], ["float32", [2, 3]]);
    tensorIn(storage, [5], [1], 1);
    tensorIn(storage, [0, 7], [7, 1]);
    for (const [shape, strides, offset] of [[[7], [1], 0], [[6], [1], 1], [[3], [3], 0]] as const) {
      assertThrows(
        () => tensorIn(storage, [...shape], [...strides], offset),
        Error,
        "beyond its storage",
      );
    }
    assertThrows(() => tensorIn(storage, [7], [0]), Error, "repeats its 6 elements");
  }
  assertThrows(() => tensorIn(new Storage("0", null, 23), [6], [1]), Error, "beyond its storage");
});

Deno.test("a storage is told by its type, key and length; a part of another is refused", () => {
  const half = findGlobal("torch.HalfStorage");
  assertEquals(findStorage(["storage", half, "7", "cpu", 9]), new Storage("7", "float16", 9));
  const untyped = findGlobal("torch.storage.UntypedStorage");
  assertEquals(findStorage(["storage", untyped, "7", "cuda:0", 9, null]).dtype, null);
  const part = ["storage", half, "7", "cpu", 9, ["7", 0, 3]];
  assertThrows(() => findStorage(part), Error, "is part of another");
  for (const wrong of [["tensor", half, "7", "cpu", 9], ["storage", half, 7, "cpu", 9], [], null]) {
    assertThrows(() => findStorage(wrong), Error, "something that is not a storage");
  }
});

Deno.test("values that scripts keep beside tensors are passed over, and classes of other packages are told", () => {
  const known = [
    ...["argparse.Namespace", "builtins.slice", "__builtin__.unicode", "collections.Counter"],
    ...["copyreg._reconstructor", "datetime.timedelta", "decimal.Decimal", "fractions.Fraction"],
    ...["pathlib.PosixPath", "pathlib._local.PosixPath", "types.SimpleNamespace", "typing.Any"],
    ...["uuid.UUID", "numpy.dtype", "numpy.core.multiarray.scalar", "numpy.float64"],
    ...["numpy._core.multiarray._reconstruct", "numpy._core.numeric._frombuffer"],
    ...["numpy.core.numeric._frombuffer", "numpy.random._pickle.__randomstate_ctor"],
    ...["omegaconf.base.ContainerMetadata", "omegaconf.dictconfig.DictConfig"],
    ...["omegaconf.listconfig.ListConfig", "omegaconf.nodes.AnyNode", "yacs.config.CfgNode"],
    ...["lightning_fabric.utilities.data.AttributeDict", "_codecs.encode", "torch.int16"],
    ...["lightning.fabric.utilities.data.AttributeDict", "torch.contiguous_format"],
    ...["pytorch_lightning.utilities.parsing.AttributeDict", "torch.serialization._get_layout"],
  ];
  const foreign = ["__main__.Config", "my.own.package.Net", "torch.optim.adamw.AdamW"];
  for (const name of [...known, ...foreign]) {
    const { build, isForeign } = findGlobal(name);
    assertEquals([build!([1]), isForeign], [new Opaque(name), foreign.includes(name)], name);
  }
});

Deno.test("nothing of Python's own that runs, imports, reads, writes or connects is taken", () => {
  const modules =
    "_io _posixsubprocess asyncio bdb builtins cProfile cmd code codecs codeop concurrent copyreg " +
    "ctypes dbm ensurepip fileinput ftplib functools gc glob http imaplib imp importlib inspect " +
    "io linecache logging marshal mmap multiprocessing nntplib nt operator os pathlib pdb pickle " +
    "pickletools pkgutil platform poplib posix profile pty runpy sched select shelve shutil " +
    "signal site smtplib socket socketserver sqlite3 ssl subprocess sys tarfile telnetlib tempfile " +
    "threading timeit trace traceback tracemalloc types unittest urllib urllib.request venv weakref " +
    "webbrowser winreg wsgiref xml xmlrpc zipapp zipfile zipimport";
  for (const module of modules.split(" ")) {
    const name = `${module}.Popen`;
    assertThrows(() => findGlobal(name), Error, `it asks for the Python object "${name}"`);
  }
  for (const name of ["eval", "exec", "open", "getattr", "__import__", "compile"]) {
    assertThrows(() => findGlobal(`builtins.${name}`), Error, "nothing of it was run");
    assertThrows(() => findGlobal(`__builtin__.${name}`), Error, "nothing of it was run");
  }
});
