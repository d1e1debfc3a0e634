/** The file of `numpy.save` that holds bytes in this shape. */
export function npyBytes(shape: readonly number[], values: ArrayLike<number>): Uint8Array {
  const text = `{'descr': '|u1', 'fortran_order': False, 'shape': (${shape.join(", ")}), }`;
  const header = new TextEncoder().encode(text.padEnd(117) + "\n");
  return Uint8Array.from([
    ...[0x93, ...new TextEncoder().encode("NUMPY"), 1, 0, header.length, 0],
    ...header,
    ...Array.from(values),
  ]);
}
