/** What a dataset string of the reference implementation names. */
export interface DatasetString {
  /** Which data set. */
  readonly name: "ImageNet" | "ImageNet22k";
  /** `TRAIN`, `VAL` or `TEST`; all of ImageNet-22k is for training. */
  readonly split: string;
  /** The folder of images. */
  readonly root: string;
  /** The folder of tables that the reference makes beforehand. Default: none is named. */
  readonly extra?: string;
}

/**
 * Reads the reference implementation's dataset strings, such as `ImageNet:split=TRAIN:root=/data/imagenet:extra=/data/extra`.
 * What it keeps in `extra` is found in the folder itself.
 *
 * @returns What it names, or undefined for any other source.
 * @throws {TypeError} If it names no folder or no split that there is.
 */
export function parseDatasetString(source: string): DatasetString | undefined {
  const [name, ...parts] = source.split(":");
  if (name !== "ImageNet" && name !== "ImageNet22k") return undefined;
  const options = new Map(parts.map((part) => [part.split("=")[0], part.replace(/^[^=]*=?/, "")]));
  const root = options.get("root");
  if (root === undefined || root === "") {
    throw new TypeError(
      `Cannot read ${source}: it names no folder. Write ${name}:split=TRAIN:root=DIR, or pass --data DIR`,
    );
  }
  const unknown = [...options.keys()].find((key) => !["root", "split", "extra"].includes(key));
  if (unknown !== undefined) {
    throw new TypeError(
      `Cannot read ${source}: its options are split, root and extra, not ${unknown}`,
    );
  }
  const split = options.get("split") ?? "TRAIN", extra = options.get("extra");
  const splits = name === "ImageNet" ? ["TRAIN", "VAL", "TEST"] : ["TRAIN"];
  if (splits.includes(split)) return { name, split, root, ...extra && { extra } };
  const choice = splits.length === 1 ? "all of it is TRAIN" : "its split may be TRAIN, VAL or TEST";
  throw new TypeError(`Cannot read ${source}: ${choice}`);
}
