/**
 * What a source holds and does not give, and why.
 *
 * @module
 */
import { listed, printable } from "../../files/quoted.ts";

/** Things that were skipped for one reason. */
export interface LeftOut {
  /** Why, to follow their names and a colon. */
  readonly reason: string;
  /** How many. */
  readonly count: number;
  /** The names of the first ones. */
  readonly examples: readonly string[];
  /** What it means for the images. */
  readonly kind: LeftOutKind;
}

/**
 * What skipping means: `lost` is what looks like an image, `expected` is what is not missed, such as hidden files,
 * and `changed` is not left out but read otherwise than it is written.
 */
export type LeftOutKind = "lost" | "expected" | "changed";

/** Names kept for each reason. */
const KEPT = 20;
/** Names in a sentence. */
const NAMED = 3;

/** Keeps account of what is left out. */
export class LeftOutAccount {
  readonly #groups = new Map<string, { count: number; examples: string[]; kind: LeftOutKind }>();

  /** Begins an account, or goes on with one. */
  constructor(groups: readonly LeftOut[] = []) {
    this.addAll(groups);
  }

  /** Notes something that is left out. */
  add(reason: string, name: string, kind: LeftOutKind = "lost"): void {
    const group = this.#groups.get(reason) ?? { count: 0, examples: [], kind };
    group.count++;
    if (group.examples.length < KEPT) group.examples.push(name);
    this.#groups.set(reason, group);
  }

  /** Notes what another account holds. */
  addAll(groups: readonly LeftOut[]): void {
    for (const { reason, count, examples, kind } of groups) {
      const group = this.#groups.get(reason) ?? { count: 0, examples: [], kind };
      group.count += count;
      group.examples.push(...examples.slice(0, KEPT - group.examples.length));
      this.#groups.set(reason, group);
    }
  }

  /** Everything left out, by reason in the order they came up. */
  list(): LeftOut[] {
    return Array.from(this.#groups, ([reason, group]) => ({ reason, ...group }));
  }
}

/** What was skipped for one reason, as a sentence of one line. */
export function describeLeftOut({ reason, count, examples, kind }: LeftOut): string {
  return `${kind === "changed" ? "Reinterpreted" : "Skipped"} ${
    nameSome(examples, count)
  }: ${reason}`;
}

/**
 * The first of some names and how many more there are, printable on one line.
 *
 * @param names The names, or the first of them.
 * @param count How many there are. Default: as many as names.
 */
export function nameSome(names: readonly string[], count = names.length): string {
  return listed(names.map(printable), NAMED, count);
}
