/**
 * The indices of some names among many; of a name that comes twice, the last. A table of all would take as much memory as
 * the names of a million images do.
 *
 * @param names All names.
 * @param wanted Those that are looked for.
 */
export function placesOf(
  names: readonly string[],
  wanted: Iterable<string>,
): ReadonlyMap<string, number> {
  const known = new Set(wanted), places = new Map<string, number>();
  if (known.size === 0) return places;
  names.forEach((name, index) => {
    if (known.has(name)) places.set(name, index);
  });
  return places;
}
