import { arange, zeros } from "../../tensor/create.ts";
import type { Device } from "../../tensor/device.ts";
import { bytesPerElement } from "../../tensor/dtype.ts";
import { scope } from "../../tensor/scope.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { quoted } from "../../files/quoted.ts";
import { InputFile, unreadable } from "../../files/input_file.ts";
import { checkBytes, type CheckedBytes } from "../../files/zip/content.ts";
import { readElements } from "../read_elements.ts";
import type { TensorFacts } from "../tensor_facts.ts";
import type { TensorFile } from "../tensor_file.ts";
import { openLegacy } from "./legacy_layout.ts";
import { namedTensors, plainValues } from "./named_tensors.ts";
import type { SavedTensor, TorchLayout } from "./values.ts";
import { openZip } from "./zip_layout.ts";

/**
 * An open file of `torch.save`: dictionaries of tensors, however nested, whose names are the keys that lead to them.
 * Nothing in it is executed.
 */
export class TorchFile implements TensorFile {
  /** The file's path. */
  readonly path: string;
  /** Its size in bytes. */
  readonly size: number;
  /** What it holds, by name. */
  readonly entries: ReadonlyMap<string, TensorFacts>;
  /** Classes of other objects in it, which are left out. */
  readonly skipped: readonly string[];
  /** The plain values beside the tensors: `iteration`, `epoch`, … */
  readonly state: Readonly<Record<string, unknown>>;
  readonly #file: InputFile;
  readonly #tensors: ReadonlyMap<string, SavedTensor>;
  readonly #storages: TorchLayout["storages"];
  readonly #checked = new Set<CheckedBytes>();

  /**
   * Opens a file.
   *
   * @throws {Error} When it is not there, not a whole file of `torch.save`, or asks for a function that no file of weights
   * needs.
   */
  constructor(path: string) {
    this.path = path;
    this.#file = new InputFile(path);
    this.size = this.#file.size;
    try {
      const { value, storages, foreign } = isZip(this.#file)
        ? openZip(this.#file)
        : openLegacy(this.#file);
      this.#tensors = namedTensors(value);
      this.#storages = storages;
      for (const [name, { storage, dtype }] of this.#tensors) {
        const size = storage.length * (storage.dtype === null ? 1 : bytesPerElement(dtype));
        if (storages.get(storage.key)?.size !== size) {
          throw new Error(
            `the elements of tensor ${quoted(name)} are missing or of another number`,
          );
        }
      }
      this.skipped = [...foreign];
      this.state = plainValues(value);
      this.entries = new Map(
        [...this.#tensors].map(([name, { dtype, shape }]) => [name, { name, dtype, shape }]),
      );
    } catch (cause) {
      this.#file[Symbol.dispose]();
      throw unreadable(path, cause);
    }
  }

  /**
   * Reads one tensor.
   *
   * @param name Its name.
   * @param options Where to put it. Default: the CPU.
   * @throws {Error} When the file has no such tensor or cannot be read.
   */
  read(name: string, options: { device?: Device } = {}): Tensor {
    const tensor = this.#tensors.get(name);
    if (tensor === undefined) {
      throw new Error(`Cannot read "${name}" from "${this.path}": there is no such tensor`);
    }
    try {
      const stored = this.#storages.get(tensor.storage.key)!;
      if (!this.#checked.has(stored)) checkBytes(this.#file, stored);
      this.#checked.add(stored);
      return scope(() => this.#elements(name, tensor, stored).to(options));
    } catch (cause) {
      throw unreadable(this.path, cause);
    }
  }

  /** Closes the file at the end of a `using` block. */
  [Symbol.dispose](): void {
    this.#file[Symbol.dispose]();
  }

  /** Reads what the tensor spans, and takes its elements from there unless they lie row by row. */
  #elements(
    name: string,
    { dtype, shape, strides, offset }: SavedTensor,
    stored: CheckedBytes,
  ): Tensor {
    const begin = stored.begin + offset * bytesPerElement(dtype);
    if (isRowByRow(shape, strides)) {
      return readElements(this.#file, begin, { name, dtype, shape });
    }
    const last = shape.reduce((sum, length, i) => sum + (length - 1) * strides[i], 0);
    const span = readElements(this.#file, begin, { name, dtype, shape: [last + 1] });
    const indices = shape.reduce((sum, length, i) => {
      const steps = arange(length, { dtype: "int64" }).mul(strides[i]);
      return sum.unsqueeze(-1).add(steps);
    }, zeros([], { dtype: "int64" })); // [...shape]
    return span.indexSelect(0, indices.flatten()).reshape(shape);
  }
}

/** Whether a file begins like a zip archive. */
function isZip(file: InputFile): boolean {
  return file.size >= 2 && new TextDecoder().decode(file.bytes(0, 2)) === "PK";
}

function isRowByRow(shape: readonly number[], strides: readonly number[]): boolean {
  if (shape.includes(0)) return true;
  let expected = 1;
  return shape.toReversed().every((length, i) => {
    const fits = length === 1 || strides[shape.length - 1 - i] === expected;
    expected *= length;
    return fits;
  });
}
