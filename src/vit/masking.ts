/** Where masks take their random numbers from. */
export interface MaskStream {
  /** A number in [low, high). */
  uniform(low: number, high: number): number;
  /** An integer from low to high, both included. */
  integer(low: number, high: number): number;
  /** The integers 0 to size − 1 in random order. */
  permutation(size: number): ArrayLike<number>;
}

const MIN_PATCHES = 4;
const MIN_ASPECT = 0.3;
const TRIES = 10;

/**
 * Masks rectangles of a grid until `count` patches are masked or no further block fits (reference:
 * `MaskingGenerator`). Never masks more than `count`; now and then fewer.
 *
 * @param grid Patches along a side.
 * @param count Patches to mask.
 * @returns One byte for each patch, row by row, 1 where masked.
 */
export function blockMask(grid: number, count: number, stream: MaskStream): Uint8Array {
  const mask = new Uint8Array(grid * grid);
  const largest = Math.floor(0.5 * grid) * grid; // the upper half, as the reference's loader asks
  for (let masked = 0; masked < count;) {
    const added = addBlock(mask, grid, Math.min(count - masked, largest), stream);
    if (added === 0) break;
    masked += added;
  }
  return mask;
}

/** Masks one block of at most `limit` new patches; returns how many, 0 after ten misses. */
function addBlock(mask: Uint8Array, grid: number, limit: number, stream: MaskStream): number {
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const area = stream.uniform(MIN_PATCHES, limit);
    const aspect = Math.exp(stream.uniform(Math.log(MIN_ASPECT), -Math.log(MIN_ASPECT)));
    const rows = Math.round(Math.sqrt(area * aspect));
    const columns = Math.round(Math.sqrt(area / aspect));
    if (rows >= grid || columns >= grid) continue;
    const top = stream.integer(0, grid - rows), left = stream.integer(0, grid - columns);
    const block = Array.from(
      { length: rows * columns },
      (_, i) => (top + Math.floor(i / columns)) * grid + left + i % columns,
    );
    const fresh = block.filter((patch) => mask[patch] === 0);
    if (fresh.length === 0 || fresh.length > limit) continue;
    for (const patch of fresh) mask[patch] = 1;
    return fresh.length;
  }
  return 0;
}

/** What {@linkcode sampleMasks} draws for, in the reference's configuration: `ibot.*`. */
export interface MaskOptions {
  /** Global crops of the batch, 2B. */
  crops: number;
  /** Patches along a side of a global crop. */
  grid: number;
  /** Share of the crops that are masked. */
  probability: number;
  /** Least and greatest share of masked patches in a masked crop. */
  ratio: readonly [number, number];
}

/** Masks of the global crops of a batch. */
export interface SampledMasks {
  /** One byte for each patch of each crop, `[2B, N]`, 1 where masked. */
  masks: Uint8Array;
  /** The most patches such a draw can mask; buffers of this size fit every batch. */
  upperbound: number;
}

/**
 * Draws the masks of a batch: the masked crops take their shares from equal slices of the range, one each, and are
 * shuffled among all crops (reference: `collate_data_and_cast`).
 */
export function sampleMasks(options: MaskOptions, stream: MaskStream): SampledMasks {
  const { crops, grid } = options;
  const patches = grid * grid;
  const edges = shareEdges(options);
  const order = stream.permutation(crops);
  const masks = new Uint8Array(crops * patches);
  for (const [i, edge] of edges.slice(0, -1).entries()) {
    const count = Math.trunc(patches * stream.uniform(edge, edges[i + 1]));
    masks.set(blockMask(grid, count, stream), order[i] * patches);
  }
  return { masks, upperbound: maskUpperbound(options) };
}

/**
 * Shares the masks of a batch out to micro-batches of as many images each, crop-major like the batch: the first crops of its
 * images, then their second ones.
 *
 * @param sampled Masks of the batch, `[2B, N]`, B a multiple of `count`.
 * @returns Masks of each micro-batch, `[2B / count, N]`. Buffers get an equal share of the upper bound; one that drew more
 * masks needs larger ones.
 */
export function splitMasks({ masks, upperbound }: SampledMasks, count: number): SampledMasks[] {
  const crops = masks.length / 2; // bytes of the first crops, and of the second ones
  const share = crops / count;
  return Array.from({ length: count }, (_, index) => {
    const own = new Uint8Array(2 * share);
    for (const crop of [0, 1]) {
      const start = crop * crops + index * share;
      own.set(masks.subarray(start, start + share), crop * share);
    }
    return { masks: own, upperbound: Math.ceil(upperbound / count) };
  });
}

/** The most patches that {@linkcode sampleMasks} can mask. */
export function maskUpperbound(options: MaskOptions): number {
  const patches = options.grid ** 2;
  return shareEdges(options).slice(1).reduce((sum, edge) => sum + Math.trunc(patches * edge), 0);
}

/** Where the slices of the range begin and end: one more than there are masked crops. */
function shareEdges({ crops, probability, ratio: [low, high] }: MaskOptions): number[] {
  const masked = Math.trunc(crops * probability);
  return Array.from({ length: masked + 1 }, (_, i) => low + (high - low) * i / masked);
}
