import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { sharedImages } from "../../src/data/shared_images.ts";
import { inTempFolder } from "../temp_folder.ts";

/** Bytes that differ only at their end, beyond what is compared first. */
function content(last: number): Uint8Array {
  const bytes = new Uint8Array(10_000).fill(7);
  bytes[9_999] = last;
  return bytes;
}

Deno.test("images of two folders are shared by link, by hard link and by copy, whatever their names", async () => {
  await inTempFolder(async (root) => {
    for (const name of ["train", "val"]) await Deno.mkdir(join(root, name));
    const train = { root: join(root, "train"), paths: ["a", "b", "c", "d"] };
    const val = {
      root: join(root, "val"),
      paths: ["link", "hard", "copy", "own", "gone", "short"],
    };
    for (const [i, path] of train.paths.entries()) {
      await Deno.writeFile(join(train.root, path), content(i));
    }
    await Deno.symlink(join(train.root, "a"), join(val.root, "link"));
    await Deno.link(join(train.root, "b"), join(val.root, "hard"));
    await Deno.copyFile(join(train.root, "c"), join(val.root, "copy"));
    await Deno.writeFile(join(val.root, "own"), content(99));
    await Deno.writeFile(join(val.root, "short"), content(3).subarray(0, 9_000));
    assertEquals(await sharedImages(train, val), ["link", "hard", "copy"]);
    assertEquals(await sharedImages(train, train), train.paths);
  });
});

Deno.test("images of one shard are told apart by where they begin", async () => {
  await inTempFolder(async (root) => {
    const path = join(root, "shard.tar");
    await Deno.writeFile(path, Uint8Array.of(1, 2, 3, 1, 2, 4));
    const part = (offset: number) => ({ path, offset, length: 3 });
    const train = { root: path, paths: ["a"], samples: [part(0)] };
    const val = { root: path, paths: ["b", "a2"], samples: [part(3), part(0)] };
    assertEquals(await sharedImages(train, val), ["a2"]);
  });
});

Deno.test("images that begin alike and are cut off are not taken for the same", async () => {
  await inTempFolder(async (root) => {
    const folder = (name: string) => {
      const path = join(root, name);
      Deno.writeFileSync(path, content(0).subarray(0, 5000));
      return { root: path, paths: ["a"], samples: [{ path, offset: 0, length: 10_000 }] };
    };
    assertEquals(await sharedImages(folder("1.tar"), folder("2.tar")), []);
  });
});
