/**
 * Reads the reference implementation's dataset strings, such as `ImageNet:split=TRAIN:root=/data/imagenet:extra=/data/extra`.
 *
 * @param value What `train.dataset_path` holds; a plain folder stays as it is.
 * @returns The folder of images, with a note where a string became a folder.
 */
export function datasetFolder(value: unknown): { folder: unknown; note?: string } {
  if (typeof value !== "string" || !/^(ImageNet|ImageNet22k)(:|$)/.test(value)) {
    return { folder: value };
  }
  const options = new Map(
    value.split(":").slice(1).map((part) => {
      const [name, ...rest] = part.split("=");
      return [name, rest.join("=")];
    }),
  );
  const root = options.get("root");
  if (root === undefined) {
    return {
      folder: "",
      note: `train.dataset_path ${value} names no folder: name it with --data DIR`,
    };
  }
  const split = options.get("split")?.toLowerCase();
  const folder = split === undefined ? root : `${root}/${split}`;
  return { folder, note: `train.dataset_path ${value} is read as the folder ${folder}` };
}
