/** Rules by which the foreground is told from the background; see `foreground`. */
export const foregroundRules = ["border", "positive", "negative", "all"] as const;

/** One of {@linkcode foregroundRules}. */
export type ForegroundRule = typeof foregroundRules[number];
