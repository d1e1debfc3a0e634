/** The number by which native code knows an object: a slot and its generation. Never reused. */
export type Handle = bigint & { readonly brand: "native handle" };

/** The absent tensor: an optional argument not given, a gradient that does not exist. */
export const NONE = 0n as Handle;
