/**
 * What files hold and how many there are, in the words of a sentence.
 *
 * @module
 */

/** A text from a file, short and on one line. */
export function quoted(text: string): string {
  const short = text.length > 80 ? `${text.slice(0, 80)}…` : text;
  return JSON.stringify(short.replaceAll(/\p{Cc}/gu, "\ufffd"));
}

/**
 * The first of some items, and how many more there are.
 *
 * @param items The items, or the first of them.
 * @param most How many to name.
 * @param count How many there are. Default: as many as items.
 */
export function listed(items: readonly string[], most = 6, count = items.length): string {
  const named = items.slice(0, most);
  const more = count > named.length ? ` and ${count - named.length} more` : "";
  return named.join(", ") + more;
}

/**
 * A number and what it counts: `1 image`, `2 images`.
 *
 * @param count The number.
 * @param one The word for one.
 * @param many The word for others. Default: with an s.
 */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

/**
 * A text on one line that a terminal shows as it is: line ends and control characters become the escapes of JSON, such as
 * `\n` and `\u001b`, and so do characters that turn the direction of writing.
 */
export function printable(text: string): string {
  return text.replaceAll(
    /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu,
    (character) =>
      NAMED.get(character) ?? `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

const NAMED = new Map([["\n", "\\n"], ["\r", "\\r"], ["\t", "\\t"]]);
