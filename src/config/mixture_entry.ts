/**
 * One of several sources of images, as `data.sources` lists them.
 *
 * @module
 */

/** A source and how it takes part. */
export interface MixtureEntry {
  /** The source: whatever `--data` may name. */
  readonly path: string;
  /** Its share of the images drawn is this beside the sum of all weights. Default: images are not sampled, but read in order. */
  readonly weight?: number;
  /** How far rare classes are drawn more often: 0 as they come, 1 all equally often. Default: 0. */
  readonly class_balance?: number;
  /** Where its classes are written, or `none`. Default: where they are expected. */
  readonly label?: string;
  /** Least number of pixels of the shorter side. Default: any. */
  readonly min_size?: number;
  /** Greatest ratio of the longer side to the shorter one. Default: any. */
  readonly max_aspect?: number;
  /** A file with the names of the images wanted, one a line. Default: all. */
  readonly names?: string;
  /** Where each image's score is written: a column, or a place such as `json.aesthetic`. Default: nowhere. */
  readonly score?: string;
  /** Least score. Default: any. */
  readonly min_score?: number;
}

const TEXTS = ["path", "label", "names", "score"];
const NUMBERS: Readonly<Record<string, (value: number) => boolean>> = {
  weight: (value) => value > 0,
  class_balance: (value) => value >= 0 && value <= 1,
  min_size: (value) => value >= 1,
  max_aspect: (value) => value >= 1,
  min_score: () => true,
};

/** What entries look like, to follow "it must be". */
export const MIXTURE_FORM = `a list of sources, each with path and optionally ${
  [...Object.keys(NUMBERS), ...TEXTS.slice(1)].join(", ")
}, such as [{"path": "photos", "weight": 2}, {"path": "shards/{000..123}.tar", "weight": 1}]`;

/** Whether a value is a list of sources. */
export function isMixture(value: unknown): value is MixtureEntry[] {
  return Array.isArray(value) && value.every((entry) => {
    if (typeof entry !== "object" || entry === null || typeof entry.path !== "string") return false;
    return Object.entries(entry).every(([key, value]) =>
      TEXTS.includes(key)
        ? typeof value === "string" && value !== ""
        : Number.isFinite(value) && NUMBERS[key]?.(value as number)
    );
  });
}
