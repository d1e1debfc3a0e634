/**
 * What files hold, in the words of a sentence.
 *
 * @module
 */

/** A text from a file, short and on one line. */
export function quoted(text: string): string {
  const short = text.length > 80 ? `${text.slice(0, 80)}…` : text;
  return JSON.stringify(short.replaceAll(/\p{Cc}/gu, "\ufffd"));
}

/** A few items, and how many more there are. */
export function listed(items: readonly string[], most = 6): string {
  const more = items.length > most ? ` and ${items.length - most} more` : "";
  return items.slice(0, most).join(", ") + more;
}
