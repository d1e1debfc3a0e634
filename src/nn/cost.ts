/** What a forward pass takes; each module that multiplies or keeps something counts its own. */
export interface Cost {
  /** Floating-point operations of matrix products, 2 m n k each; all else is small beside them. */
  readonly flops: number;
  /** Values that training keeps for the backward pass, beside parameters. An input is counted by the module that keeps it. */
  readonly kept: number;
}

/** The costs of one thing after another. */
export function sumCosts(costs: readonly Cost[]): Cost {
  return {
    flops: costs.reduce((sum, { flops }) => sum + flops, 0),
    kept: costs.reduce((sum, { kept }) => sum + kept, 0),
  };
}

/** The cost of what computes no product and only keeps values. */
export function keeping(values: number): Cost {
  return { flops: 0, kept: values };
}
