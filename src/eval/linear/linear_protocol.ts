/** What a linear classifier sees of a backbone. */
export interface LinearInput {
  /** Class tokens of how many last blocks. */
  readonly blocks: number;
  /** Whether the mean of the last block's patch tokens comes behind them. */
  readonly avgpool: boolean;
}

/** The reference's learning rates, for batches of 256 images. */
export const learningRates: readonly number[] = [
  ...[1e-5, 2e-5, 5e-5, 1e-4, 2e-4, 5e-4, 1e-3, 2e-3, 5e-3],
  ...[1e-2, 2e-2, 5e-2, 0.1],
];

/** Blocks whose class tokens the widest input has. */
export const MOST_BLOCKS = 4;

/** The reference's inputs, narrowest first, that a backbone of a depth has. */
export function linearInputs(depth: number): LinearInput[] {
  return [1, MOST_BLOCKS].filter((blocks) => blocks <= depth)
    .flatMap((blocks) => [{ blocks, avgpool: false }, { blocks, avgpool: true }]);
}

/** Learning rates for batches of so many images. */
export function scaleRates(rates: readonly number[], batchSize: number): number[] {
  return rates.map((rate) => rate * batchSize / 256);
}

/**
 * The reference's names of classifiers, all learning rates for the first input, then for the next. It writes rates with
 * five decimals, as do we, except where that would give two of them the same name.
 *
 * @param inputs What they see.
 * @param rates Their learning rates, scaled to the batch.
 */
export function classifierNames(
  inputs: readonly LinearInput[],
  rates: readonly number[],
): string[] {
  const texts = rates.map((rate) => tellApart(rate, rates).replace(".", "_"));
  return inputs.flatMap(({ blocks, avgpool }) =>
    texts.map((lr) => `classifier_${blocks}_blocks_avgpool_${avgpool ? "True" : "False"}_lr_${lr}`)
  );
}

/** A rate with as many decimals, at least five, as tell it apart from all others. */
function tellApart(rate: number, rates: readonly number[]): string {
  let decimals = 5;
  const isAmbiguous = (other: number) =>
    other !== rate && other.toFixed(decimals) === rate.toFixed(decimals);
  while (rates.some(isAmbiguous)) decimals++;
  return rate.toFixed(decimals);
}
