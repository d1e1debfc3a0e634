/**
 * The checkpoint name of a module field: `clsToken` becomes `cls_token`, `ls1` stays `ls1`.
 *
 * Only capitals count, so that the mapping is the same everywhere and can be read off a field's
 * name.
 *
 * @param field A field name in camelCase.
 * @returns The name in snake_case, as the reference implementation's checkpoints spell it.
 */
export function stateKey(field: string): string {
  return field.replace(/[A-Z]/g, (capital) => `_${capital.toLowerCase()}`);
}
