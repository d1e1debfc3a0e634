/**
 * The Python objects that tensors and their containers are made of, and what they build here.
 *
 * @module
 */
import { bytesPerElement, type DType, numel } from "../../tensor/dtype.ts";
import { isCount, isCounts } from "../../files/header_validation.ts";
import { quoted } from "../../files/quoted.ts";
import { isShape } from "../tensor_facts.ts";
import { harmlessGlobal } from "./harmless.ts";
import { Global, type PickleValue, SavedTensor, Storage } from "./values.ts";

const STORAGES: Record<DType, string> = {
  float64: "DoubleStorage",
  float32: "FloatStorage",
  float16: "HalfStorage",
  bfloat16: "BFloat16Storage",
  int64: "LongStorage",
  int32: "IntStorage",
  uint8: "ByteStorage",
  bool: "BoolStorage",
};

const globals = new Map(
  [
    new Global("collections.OrderedDict", orderedDict),
    new Global("collections.defaultdict", ([, items = new Map()]) => items),
    new Global("builtins.set", ([items = []]) => items),
    new Global("__builtin__.set", ([items = []]) => items),
    new Global("torch.Size", ([sizes = []]) => sizes),
    new Global("torch.device", (args) => [...args]),
    new Global("torch._utils._rebuild_parameter", ([data]) => data),
    new Global("torch._utils._rebuild_parameter_with_state", ([data]) => data),
    new Global("torch._utils._rebuild_tensor", rebuildTensor),
    new Global("torch._utils._rebuild_tensor_v2", rebuildTensor),
    new Global("torch._utils._rebuild_tensor_v3", rebuildUntyped),
    new Global("torch.storage.UntypedStorage"),
    ...(Object.entries(STORAGES) as [DType, string][]).flatMap(([dtype, storage]) => [
      new Global(`torch.${storage}`, undefined, dtype),
      new Global(`torch.${dtype}`, undefined, dtype),
    ]),
  ].map((global) => [global.name, global]),
);

/**
 * The object of a name.
 *
 * @throws {Error} When no file of weights needs it; the message completes "Cannot read …: ".
 */
export function findGlobal(name: string): Global {
  const global = globals.get(name) ?? harmlessGlobal(name);
  if (global !== undefined) return global;
  throw new Error(
    `it asks for the Python object ${quoted(name)}, which is neither a tensor nor a container; ` +
      "nothing of it was run. Save only the state_dict(), and this can read it",
  );
}

/** The name of the storage that holds elements of a type. */
export function storageName(dtype: DType): string {
  return STORAGES[dtype];
}

/**
 * The storage that a pickle points to: `("storage", type, key, location, length)`, in files before PyTorch 1.6 with the
 * part of another storage it is.
 *
 * @throws {Error} When it points to something else; the message completes "Cannot read …: ".
 */
export function findStorage(reference: PickleValue): Storage {
  if (Array.isArray(reference)) {
    const [kind, type, key, , length, part = null] = reference;
    if (type instanceof Global && type.isForeign) {
      throw new Error(`it holds elements in a ${quoted(type.name)}, which cannot be read`);
    }
    const isStorage = type instanceof Global && type.build === undefined;
    if (kind === "storage" && isStorage && typeof key === "string" && isCount(length)) {
      if (part === null) return new Storage(key, type.dtype ?? null, length);
      throw new Error(`storage ${quoted(key)} is part of another, as PyTorch before 0.4 wrote it`);
    }
  }
  throw new Error("its index points to something that is not a storage");
}

function orderedDict([pairs = []]: readonly PickleValue[]): PickleValue {
  if (!Array.isArray(pairs) || !pairs.every((pair) => Array.isArray(pair) && pair.length === 2)) {
    throw new Error("its index holds a dictionary that is not made of pairs");
  }
  return new Map(pairs as [PickleValue, PickleValue][]);
}

function rebuildTensor([storage, offset, shape, strides]: readonly PickleValue[]): SavedTensor {
  const dtype = storage instanceof Storage ? storage.dtype : null;
  return checkedTensor({ storage, offset, shape, strides, dtype });
}

function rebuildUntyped(args: readonly PickleValue[]): SavedTensor {
  const [storage, offset, shape, strides, , , type] = args;
  const dtype = type instanceof Global ? type.dtype ?? null : null;
  return checkedTensor({ storage, offset, shape, strides, dtype });
}

interface ClaimedTensor {
  readonly storage: PickleValue;
  readonly offset: PickleValue;
  readonly shape: PickleValue;
  readonly strides: PickleValue;
  readonly dtype: DType | null;
}

function checkedTensor({ storage, offset, shape, strides, dtype }: ClaimedTensor): SavedTensor {
  if (!(storage instanceof Storage) || dtype === null) {
    throw new Error("its index holds a tensor without elements of a known type");
  }
  if (!isShape(shape)) throw new Error("its index holds a tensor of an impossible shape");
  if (!isCounts(strides) || strides.length !== shape.length || !isCount(offset)) {
    throw new Error("its index holds a tensor of impossible strides");
  }
  const elements = numel(shape);
  const last = shape.reduce((sum, length, i) => sum + (length - 1) * strides[i], offset);
  const length = storage.dtype === null
    ? Math.floor(storage.length / bytesPerElement(dtype))
    : storage.length;
  if (elements > 0 && last >= length) {
    throw new Error(
      `its index holds a tensor of shape [${shape.join(", ")}] that reaches beyond its storage`,
    );
  }
  if (elements > length) {
    throw new Error(
      `its index holds a tensor of shape [${shape.join(", ")}] that repeats its ${length} elements`,
    );
  }
  return new SavedTensor(storage, dtype, offset, shape, strides);
}
