import { noGradScope } from "../autograd/mode.ts";
import { listed } from "../files/quoted.ts";
import type { Device } from "../tensor/device.ts";
import type { DType } from "../tensor/dtype.ts";
import { keep, scope } from "../tensor/scope.ts";
import { Tensor } from "../tensor/tensor.ts";

/** Where {@linkcode Module.to} moves parameters, and what it converts them to. */
export interface ModuleToOptions {
  /** The device to move to. Default: where each parameter is. */
  device?: Device;
  /** The type to convert to. Default: the type each parameter has. */
  dtype?: DType;
}

/**
 * A part of a network that owns parameters.
 *
 * Fields define it: a field that is a {@linkcode Tensor} is a parameter, a field that is a module,
 * or an array holding modules, is a child. `#private` fields do not count. Names in
 * checkpoints are field names in snake_case: `blocks[0].ls1.gamma` is `blocks.0.ls1.gamma`,
 * `clsToken` is `cls_token`.
 *
 * A module owns its parameters: they live until {@linkcode Module.dispose}.
 */
export abstract class Module {
  /** Whether the module behaves as in training; see {@linkcode Module.train}. */
  training = true;

  /** Children in field order. */
  children(): Module[] {
    return Object.values(this).flat().filter((value) => value instanceof Module);
  }

  /** Children with their names, in field order. */
  *namedChildren(): IterableIterator<[string, Module]> {
    for (const [field, value] of Object.entries(this)) {
      const key = stateKey(field);
      if (value instanceof Module) yield [key, value];
      if (!Array.isArray(value)) continue;
      for (const [i, item] of value.entries()) {
        if (item instanceof Module) yield [`${key}.${i}`, item];
      }
    }
  }

  /** Parameters with their checkpoint names: a module's own first, then its children's. */
  *namedParameters(): IterableIterator<[string, Tensor]> {
    for (const [field, value] of Object.entries(this)) {
      if (value instanceof Tensor) yield [stateKey(field), value];
    }
    for (const [prefix, child] of this.namedChildren()) {
      for (const [name, value] of child.namedParameters()) yield [`${prefix}.${name}`, value];
    }
  }

  /** Every parameter, in the order of {@linkcode Module.namedParameters}. */
  parameters(): Tensor[] {
    const own = Object.values(this).filter((value) => value instanceof Tensor);
    return this.children().reduce((all, child) => all.concat(child.parameters()), own);
  }

  /** The number of values in all parameters. */
  get numel(): number {
    return this.parameters().reduce((sum, { numel }) => sum + numel, 0);
  }

  /** The parameters by name. They are the parameters themselves, not copies. */
  stateDict(): Record<string, Tensor> {
    return Object.fromEntries(this.namedParameters());
  }

  /**
   * Copies values into the parameters, converting their type and moving them as needed.
   *
   * @param state One tensor for each parameter, by name.
   * @throws {RangeError} If a name is missing or unknown; nothing is copied then.
   * @throws {TypeError} If a shape differs; nothing is copied then.
   */
  loadStateDict(state: Record<string, Tensor>): void {
    const own = this.stateDict();
    const missing = Object.keys(own).filter((name) => !(name in state));
    const unknown = Object.keys(state).filter((name) => !(name in own));
    if (missing.length > 0 || unknown.length > 0) {
      const faults = [describe("missing", missing), describe("unknown", unknown)].filter(Boolean);
      throw new RangeError(`Cannot load the weights: ${faults.join("; ")}`);
    }
    for (const [name, value] of Object.entries(own)) {
      const given = state[name].shape;
      if (given.length !== value.ndim || given.some((size, i) => size !== value.shape[i])) {
        throw new TypeError(
          `Cannot load "${name}" of shape [${given.join(", ")}] into a parameter of shape [${
            value.shape.join(", ")
          }]`,
        );
      }
    }
    noGradScope(() => Object.entries(own).forEach(([name, to]) => to.copy_(state[name])));
  }

  /**
   * Moves or converts every parameter. Parameters become new tensors, without gradients, so build
   * the optimiser afterwards.
   *
   * @param options Where to, and to what type.
   * @returns This module.
   */
  to(options: ModuleToOptions): this {
    for (const [field, value] of Object.entries(this)) {
      if (!(value instanceof Tensor)) continue;
      const moved = scope(() => value.detach().to(options));
      moved.requiresGrad = value.requiresGrad;
      value.dispose();
      Object.assign(this, { [field]: keep(moved) });
    }
    for (const child of this.children()) child.to(options);
    return this;
  }

  /**
   * Switches to training mode, in which stochastic depth is drawn and batch normalisation goes by the batch.
   *
   * @returns This module.
   */
  train(): this {
    return this.#setTraining(true);
  }

  /** Switches to evaluation mode, which is deterministic. Returns this module. */
  eval(): this {
    return this.#setTraining(false);
  }

  /** Clears the gradients of every parameter. */
  zeroGrad(): void {
    for (const value of this.parameters()) value.grad = null;
  }

  /** Frees every parameter; the module cannot be used afterwards. */
  dispose(): void {
    for (const value of this.parameters()) value.dispose();
  }

  /** Same as {@linkcode Module.dispose}, for `using`. */
  [Symbol.dispose](): void {
    this.dispose();
  }

  #setTraining(training: boolean): this {
    this.training = training;
    for (const child of this.children()) child.#setTraining(training);
    return this;
  }
}

/**
 * Makes a tensor a parameter: it outlives the scope it was made in and collects gradients.
 *
 * @param value A leaf tensor, owned from now on by the module that stores it in a field.
 * @returns The same tensor.
 */
export function parameter(value: Tensor): Tensor {
  value.requiresGrad = true;
  return keep(value);
}

/** The checkpoint name of a field: `clsToken` becomes `cls_token`, as the reference spells it; `ls1` stays `ls1`. */
function stateKey(field: string): string {
  return field.replace(/[A-Z]/g, (capital) => `_${capital.toLowerCase()}`);
}

function describe(fault: string, names: string[]): string {
  if (names.length === 0) return "";
  return `${fault} ${listed(names.map((name) => `"${name}"`), 4)}`;
}
