import { extname } from "@std/path";

/**
 * Checks that a file can hold a head.
 *
 * @throws {TypeError} If its ending is neither `.safetensors` nor `.pth`.
 */
export function checkHeadPath(path: string): void {
  if ([".safetensors", ".pth"].includes(extname(path))) return;
  throw new TypeError(
    `Cannot write a head to "${path}": name a file that ends in .safetensors or .pth`,
  );
}
