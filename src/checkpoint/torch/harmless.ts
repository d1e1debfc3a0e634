import { isOfPython } from "./python_modules.ts";
import { Global, Opaque } from "./values.ts";

const BUILTINS =
  "bool bytearray bytes complex dict float frozenset int list long object range slice str " +
  "tuple unicode xrange";

/** What training scripts keep beside tensors, by module: values and containers that hold none of a network's. */
const KNOWN: Readonly<Record<string, string>> = {
  "_codecs": "encode", // bytes, as protocol 2 has them
  "argparse": "Namespace",
  "builtins": BUILTINS,
  "__builtin__": BUILTINS, // in Python 2, and so in protocol 2
  "collections": "Counter deque",
  "copyreg": "_reconstructor",
  "datetime": "date datetime time timedelta timezone",
  "decimal": "Decimal",
  "fractions": "Fraction",
  "pathlib": "Path PosixPath PurePath PurePosixPath PureWindowsPath WindowsPath",
  "pathlib._local": "Path PosixPath PurePath PurePosixPath PureWindowsPath WindowsPath",
  "types": "SimpleNamespace",
  "typing": "Any Dict List Optional Tuple Union",
  "uuid": "UUID",
  "numpy": "bool bool_ dtype float16 float32 float64 int16 int32 int64 int8 ndarray str_ uint8",
  "numpy.core.multiarray": "_reconstruct scalar",
  "numpy._core.multiarray": "_reconstruct scalar",
  "numpy.core.numeric": "_frombuffer",
  "numpy._core.numeric": "_frombuffer",
  "numpy.random._pickle": "__bit_generator_ctor __generator_ctor __randomstate_ctor",
  "omegaconf.base": "ContainerMetadata Metadata",
  "omegaconf.dictconfig": "DictConfig",
  "omegaconf.listconfig": "ListConfig",
  "omegaconf.nodes":
    "AnyNode BooleanNode BytesNode EnumNode FloatNode IntegerNode PathNode StringNode",
  "yacs.config": "CfgNode",
  "lightning_fabric.utilities.data": "AttributeDict",
  "lightning.fabric.utilities.data": "AttributeDict",
  "pytorch_lightning.utilities.parsing": "AttributeDict",
  "torch": "complex128 complex64 float8_e4m3fn float8_e5m2 int16 int8 uint16 uint32 uint64 " +
    "channels_last contiguous_format strided",
  "torch.serialization": "_get_layout",
};

const known = new Set(
  Object.entries(KNOWN).flatMap(([module, names]) =>
    names.split(" ").map((name) => `${module}.${name}`)
  ),
);

/** A class by Python's custom, in a package of any name. */
const CLASS = /^[A-Za-z_]\w*(\.\w+)*\.[A-Z]\w*$/;

/**
 * The object of a name that is not needed for tensors but does no harm beside them: what training scripts often keep, or
 * a class of some other package. Whatever it is called with is dropped.
 *
 * @returns Undefined where it is a function, or a class of Python's own.
 */
export function harmlessGlobal(name: string): Global | undefined {
  const isKnown = known.has(name);
  const isForeign = !isKnown && CLASS.test(name) && !isOfPython(name);
  return isKnown || isForeign
    ? new Global(name, () => new Opaque(name), undefined, isForeign)
    : undefined;
}
