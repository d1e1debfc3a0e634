/** The condition of a run. */
export type Condition =
  /** Targets distinguish images, or it is too early to say. */
  | "healthy"
  /** All images get the same feature, or the same few prototypes. */
  | "collapsing to one point"
  /** All images get all prototypes alike. */
  | "collapsing to uniform"
  /** The student moves away from its targets. */
  | "diverging";
