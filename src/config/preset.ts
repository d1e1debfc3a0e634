import type { Settings } from "./schema.ts";

/** A named recipe. */
export interface Preset {
  /** What it is for, in one line. */
  readonly summary: string;
  /** What differs from the defaults of the schema. */
  readonly settings: Settings;
}
