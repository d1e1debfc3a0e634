import "../native.ts";
import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { makeBuiltinDataset } from "../../src/data/builtin/builtin.ts";
import type { ImageFolder } from "../../src/data/folder.ts";
import { scanImageFolder } from "../../src/data/sources/folder.ts";
import { liveTensors } from "../../src/tensor/scope.ts";

/** A test on forty small images in ten classes that fails when native tensors outlive it. */
export function testImages(name: string, body: (folder: ImageFolder) => Promise<void>): void {
  Deno.test(name, async () => {
    const root = await Deno.makeTempDir();
    const before = liveTensors();
    try {
      const dataset = join(root, "dataset");
      await makeBuiltinDataset(dataset, { trainPerClass: 4, valPerClass: 1, size: 40 });
      await body(await scanImageFolder(join(dataset, "train")));
      assertEquals(liveTensors() - before, 0, "native tensors outlived the test");
    } finally {
      await Deno.remove(root, { recursive: true });
    }
  });
}
