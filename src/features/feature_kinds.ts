import { extname } from "@std/path";

/** What can be made of an image's tokens, all after the final norm. */
export const featureKinds = ["cls", "patch-mean", "patch-grid"] as const;

/** One of {@linkcode featureKinds}. */
export type FeatureKind = typeof featureKinds[number];

const ENDINGS = [".safetensors", ".npy", ".csv"];

/**
 * Checks that a file can hold features of a kind.
 *
 * @throws {TypeError} If it cannot.
 */
export function checkFeaturePath(path: string, kind: FeatureKind): void {
  const ending = extname(path);
  if (!ENDINGS.includes(ending)) {
    throw new TypeError(
      `Cannot write features to "${path}": name a file that ends in ${ENDINGS.join(", ")}`,
    );
  }
  if (ending === ".csv" && kind === "patch-grid") {
    throw new TypeError(
      `Cannot write grids to "${path}": a table has one row for each image. Use .safetensors or .npy`,
    );
  }
}
