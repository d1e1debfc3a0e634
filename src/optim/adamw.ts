import { NONE } from "../ffi/handle.ts";
import * as ops from "../ffi/ops.gen.ts";
import { zeros, zerosLike } from "../tensor/create.ts";
import { keep } from "../tensor/scope.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { packHandles, withGradients, zeroGrad } from "./packed.ts";
import type { ParameterGroup } from "./param_groups.ts";

/** Options of {@linkcode AdamW}. */
export interface AdamWOptions {
  /** Decay of the first moment. Default: 0.9. */
  beta1?: number;
  /** Decay of the second moment. Default: 0.999. */
  beta2?: number;
  /** Added to the root of the second moment. Default: 1e-8. */
  eps?: number;
}

/** The scheduled values of a step. */
export interface AdamWStep {
  /** Learning rate. */
  lr: number;
  /** Weight decay. */
  wd: number;
  /** Learning rate of the last layers. Default: `lr`. */
  lastLayerLr?: number;
  /** Decay of the first moment. Default: that of the optimiser. */
  beta1?: number;
  /** 1 to skip the step, 0 to take it, as `GradScaler` gives it on the device. Default: it is taken. */
  overflow?: Tensor;
}

interface State {
  readonly group: Required<ParameterGroup>;
  readonly expAvg: readonly Tensor[];
  readonly expAvgSq: readonly Tensor[];
  readonly packed: Record<"parameters" | "expAvg" | "expAvgSq", BigUint64Array<ArrayBuffer>>;
}

const DEFAULTS = { lrMultiplier: 1, wdMultiplier: 1, isLastLayer: false };

/**
 * AdamW with decoupled weight decay ([Loshchilov and Hutter](https://arxiv.org/abs/1711.05101)), one fused operator
 * for each parameter group. A parameter without a gradient is left alone; all share one step counter.
 */
export class AdamW implements Disposable {
  readonly #states: readonly State[];
  readonly #step: Tensor;
  readonly #options: Required<AdamWOptions>;

  /** Prepares moments of zero for every parameter. The optimiser owns them until the end of a `using` block. */
  constructor(groups: readonly ParameterGroup[], options: AdamWOptions = {}) {
    this.#options = { beta1: 0.9, beta2: 0.999, eps: 1e-8, ...options };
    let count = 0;
    this.#states = groups.map((asked) => {
      const names = asked.names ?? asked.parameters.map(() => String(count++));
      const group = { ...DEFAULTS, ...asked, names };
      const expAvg = group.parameters.map((item) => keep(zerosLike(item)));
      const expAvgSq = group.parameters.map((item) => keep(zerosLike(item)));
      const packed = {
        parameters: packHandles(group.parameters),
        expAvg: packHandles(expAvg),
        expAvgSq: packHandles(expAvgSq),
      };
      return { group, expAvg, expAvgSq, packed };
    });
    this.#step = keep(zeros([], { device: groups[0]?.parameters[0]?.device }));
  }

  /** Updates every parameter from its gradient. */
  step(scheduled: AdamWStep): void {
    const { lr, wd, lastLayerLr = lr, overflow } = scheduled;
    const { beta2, eps } = this.#options;
    const { beta1 = this.#options.beta1 } = scheduled;
    this.#step.add_(1);
    for (const { group, packed } of this.#states) {
      const rate = (group.isLastLayer ? lastLayerLr : lr) * group.lrMultiplier;
      withGradients(packed.parameters, (gradients, has) => {
        ops._fusedAdamw_(
          packed.parameters.filter(has),
          gradients,
          packed.expAvg.filter(has),
          packed.expAvgSq.filter(has),
          [],
          new BigUint64Array(gradients.length).fill(this.#step.handle),
          rate,
          beta1,
          beta2,
          wd * group.wdMultiplier,
          eps,
          false,
          false,
          NONE,
          overflow?.handle,
        );
      });
    }
    if (overflow !== undefined) this.#step.sub_(overflow); // a skipped step does not count
  }

  /** Clears the gradients of every parameter. */
  zeroGrad(): void {
    for (const { packed } of this.#states) zeroGrad(packed.parameters);
  }

  /** What a checkpoint must hold, by name: the moments of each parameter and the count of steps. */
  stateTensors(): Record<string, Tensor> {
    const state: Record<string, Tensor> = { step: this.#step };
    for (const { group, expAvg, expAvgSq } of this.#states) {
      for (const [i, name] of group.names.entries()) {
        state[`exp_avg.${name}`] = expAvg[i];
        state[`exp_avg_sq.${name}`] = expAvgSq[i];
      }
    }
    return state;
  }

  /** Frees the moments. */
  [Symbol.dispose](): void {
    for (const value of Object.values(this.stateTensors())) value.dispose();
  }
}
