import { NumberCollector, type NumberColumn } from "../../files/number_column.ts";

/** A text for each image, of which the same ones are kept once. */
export interface TextColumn {
  /** The different texts; undefined stands for none. */
  readonly texts: readonly (string | undefined)[];
  /** For each image, the number of its text. */
  readonly numbers: ArrayLike<number>;
}

/** Collects the texts of images. */
export class TextCollector implements TextColumn {
  readonly texts: (string | undefined)[] = [];
  readonly #known = new Map<string | undefined, number>();
  readonly #numbers = new NumberCollector();

  /** For each image, the number of its text. */
  get numbers(): NumberColumn {
    return this.#numbers.column;
  }

  /** Adds the text of the next image. */
  push(text: string | undefined): void {
    this.#numbers.push(this.#known.get(text) ?? this.#add(text && ownText(text)));
  }

  #add(text: string | undefined): number {
    const number = this.texts.push(text) - 1;
    this.#known.set(text, number);
    return number;
  }
}

/** A text for each image. */
export function textColumn(texts: Iterable<string | undefined>): TextColumn {
  const column = new TextCollector();
  for (const text of texts) column.push(text);
  return column;
}

/** A text in memory of its own: a part of a text keeps the whole. */
function ownText(text: string): string {
  return [text.slice(0, 1), text.slice(1)].join("");
}
