import { relative, resolve } from "@std/path";

/**
 * Refuses to put pictures among the images, where the next command would take them for some.
 *
 * @throws {Error} If the folder of pictures is that of the images or lies in it.
 */
export function checkOutput(output: string, data: string): void {
  const way = relative(resolve(data), resolve(output));
  if (way === "" || !(way === ".." || way.startsWith("../"))) {
    throw new Error(
      `Cannot put pictures into ${output}: it lies in the folder of images, ${data}. ` +
        "Name a folder outside it by --output",
    );
  }
}
