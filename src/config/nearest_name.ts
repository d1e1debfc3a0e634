import { closestString, levenshteinDistance } from "@std/text";

/** The name that is most likely meant by a word that is none: one that differs in few letters, or else holds it, or it holds. */
export function nearestName(word: string, names: readonly string[]): string | undefined {
  const nearest = closestString(word, names);
  if (levenshteinDistance(word, nearest) <= word.length / 2) return nearest;
  const holds = (whole: string, part: string) => part.length > 2 && whole.includes(part);
  return names.find((name) => holds(name, word) || holds(word, name));
}

/** What to say to a word that is none of a few names, for the end of a sentence. */
export function adviseName(word: string, names: readonly string[]): string {
  const nearest = nearestName(word, names);
  const choice = `hoose from ${names.join(", ")}`;
  return nearest === undefined ? `c${choice}` : `did you mean "${nearest}"? C${choice}`;
}
