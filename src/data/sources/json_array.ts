/** Characters that are parsed at once. */
const PART = 2 ** 18;

const [QUOTE, BACKSLASH, COMMA] = ['"', "\\", ","].map(codeOf);
const OPENING = ["[", "{"].map(codeOf), CLOSING = ["]", "}"].map(codeOf);

/**
 * The elements of an array in JSON, parsed some at a time: of a million, the whole would take hundreds of megabytes.
 *
 * @param chunks The text of the array in parts, cut anywhere.
 * @throws {SyntaxError} If it is not JSON.
 */
export function* readJsonArray(chunks: Iterable<string>): Generator<unknown> {
  let part = "", depth = 0, isQuoted = false, isEscaped = false, isFirst = true;
  for (const chunk of chunks) {
    let begin = 0;
    for (let i = 0; i < chunk.length; i++) {
      const code = chunk.charCodeAt(i);
      if (isEscaped) isEscaped = false;
      else if (isQuoted && code === BACKSLASH) isEscaped = true;
      else if (code === QUOTE) isQuoted = !isQuoted;
      else if (isQuoted) continue;
      else if (OPENING.includes(code)) depth++;
      else if (CLOSING.includes(code)) depth--;
      else if (code === COMMA && depth === 1 && part.length + i - begin > PART) {
        yield* elementsOf(`${part}${chunk.slice(begin, i)}]`);
        [part, begin, isFirst] = ["[", i + 1, false];
      }
    }
    part += chunk.slice(begin);
  }
  yield* isFirst ? JSON.parse(part) : elementsOf(part);
}

/** The elements on one side of a comma, of which there must be some. */
function elementsOf(text: string): unknown[] {
  const elements: unknown[] = JSON.parse(text);
  if (elements.length > 0) return elements;
  throw new SyntaxError("nothing stands beside a comma");
}

function codeOf(character: string): number {
  return character.charCodeAt(0);
}
