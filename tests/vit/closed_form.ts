import { noGrad } from "../../src/autograd/mode.ts";
import type { Module } from "../../src/nn/module.ts";
import { filled } from "../helpers.ts";

/**
 * Sets parameter i of a module, in checkpoint order, to 0.1 sin(0.37 k + 0.11 i) in its k-th
 * element, plus 1 where it scales, so that a model's output can be compared with that of another
 * implementation filled alike.
 */
export function fillWithWaves<M extends Module>(module: M): M {
  noGrad(() => {
    for (const [i, [name, value]] of Array.from(module.namedParameters()).entries()) {
      const base = /gamma$|norm\d?\.weight$/.test(name) ? 1 : 0;
      value.copy_(filled(value.shape, (k) => base + 0.1 * Math.sin(0.37 * k + 0.11 * i)));
    }
  });
  return module;
}
