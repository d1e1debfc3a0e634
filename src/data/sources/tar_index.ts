/**
 * Indexes of tar shards in the format that NVIDIA's DALI reads beside them: a line for each sample with the ending, first
 * byte, length and name of its members.
 *
 * Source: `tools/wds2idx.py` of DALI, version v1.2 of the format.
 *
 * @module
 */

/** A member as an index has it. */
export interface IndexedMember {
  /** Its name. */
  readonly name: string;
  /** Its first byte in the shard. */
  readonly offset: number;
  /** Its length in bytes. */
  readonly length: number;
}

/** The text of an index; names hold no blanks. */
export function formatTarIndex(samples: readonly (readonly IndexedMember[])[]): string {
  const lines = samples.map((members) =>
    members.map(({ name, offset, length }) =>
      `${name.slice(name.indexOf(".") + 1)} ${offset} ${length} ${name}`
    ).join(" ")
  );
  return [`v1.2 ${samples.length}`, ...lines, ""].join("\n");
}

/** Reads what {@linkcode formatTarIndex} wrote. */
export function parseTarIndex(text: string): IndexedMember[][] {
  return text.split("\n").slice(1, -1).map((line) => {
    const words = line.split(" ");
    return Array.from({ length: words.length / 4 }, (_, i) => {
      const [, offset, length, name] = words.slice(4 * i);
      return { name, offset: Number(offset), length: Number(length) };
    });
  });
}
