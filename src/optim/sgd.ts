import { noGradScope } from "../autograd/mode.ts";
import { zerosLike } from "../tensor/create.ts";
import { keep } from "../tensor/scope.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { packHandles, zeroGrad } from "./packed.ts";

/** A parameter and its learning rates. */
export interface SgdParameter {
  /** The parameter. */
  readonly parameter: Tensor;
  /** Learning rates, of a shape that broadcasts to the parameter's, so that slices may learn at rates of their own. */
  readonly lr: Tensor;
}

/** Options of {@linkcode Sgd}. */
export interface SgdOptions {
  /** Momentum factor. Default: 0.9. */
  momentum?: number;
}

/** Stochastic gradient descent with momentum, as PyTorch's: `v ← momentum v + gradient`, `parameter ← parameter − lr v`. */
export class Sgd implements Disposable {
  readonly #states: readonly (SgdParameter & { readonly velocity: Tensor })[];
  readonly #packed: BigUint64Array<ArrayBuffer>;
  readonly #momentum: number;

  /** Prepares velocities of zero. The optimiser owns them until the end of a `using` block. */
  constructor(parameters: readonly SgdParameter[], { momentum = 0.9 }: SgdOptions = {}) {
    this.#states = parameters.map((item) => ({
      ...item,
      velocity: keep(zerosLike(item.parameter)),
    }));
    this.#packed = packHandles(parameters.map(({ parameter }) => parameter));
    this.#momentum = momentum;
  }

  /**
   * Updates every parameter that has a gradient.
   *
   * @param factor What a schedule multiplies all learning rates with. Default: 1.
   */
  step(factor = 1): void {
    noGradScope(() => {
      for (const { parameter, lr, velocity } of this.#states) {
        const gradient = parameter.grad;
        if (gradient === null) continue;
        velocity.mul_(this.#momentum).add_(gradient);
        parameter.addcmul_(velocity, lr, { value: -factor });
      }
    });
  }

  /** Clears the gradients of every parameter. */
  zeroGrad(): void {
    zeroGrad(this.#packed);
  }

  /** Frees the velocities. */
  [Symbol.dispose](): void {
    for (const { velocity } of this.#states) velocity.dispose();
  }
}
