/**
 * Packs values into a safetensors file's metadata, which holds nothing but texts: each value as JSON, and the mark
 * that Python's loaders ask for.
 *
 * @param values What `JSON` can carry, by name.
 */
export function toMetadata(values: Record<string, unknown>): Record<string, string> {
  const texts = Object.entries(values).map(([key, value]) => [key, JSON.stringify(value)]);
  return { ...Object.fromEntries(texts), format: "pt" };
}

/**
 * What {@linkcode toMetadata} packed. Texts that are not JSON, which other programs write, stay texts.
 *
 * @param metadata A file's metadata.
 */
export function fromMetadata(metadata: Record<string, string>): Record<string, unknown> {
  const { format: _, ...texts } = metadata;
  return Object.fromEntries(Object.entries(texts).map(([key, text]) => [key, parsed(text)]));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
