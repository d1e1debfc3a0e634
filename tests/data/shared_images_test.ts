import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { describeShared, sharedImages } from "../../src/data/shared_images.ts";
import { openImages } from "../../src/data/sources/open.ts";
import { ZipWriter } from "../../src/files/zip/writer.ts";
import { inTempFolder } from "../temp_folder.ts";
import { parquetFile } from "./sources/write_parquet.ts";

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

Deno.test("of images that all begin alike, each is read a few times, not once for every other", async () => {
  await inTempFolder(async (root) => {
    const names = Array.from({ length: 20 }, (_, i) => `${i}`);
    const folder = (name: string, first: number) => {
      Deno.mkdirSync(join(root, name));
      for (const i of names.keys()) {
        Deno.writeFileSync(join(root, name, names[i]), content(first + i));
      }
      return { root: join(root, name), paths: names };
    };
    const [train, val] = [folder("train", 0), folder("val", 10)];
    const { openSync } = Deno;
    let opened = 0;
    Deno.openSync = (...file) => (opened++, openSync(...file));
    try {
      assertEquals(await sharedImages(train, val), names.slice(0, 10));
    } finally {
      Deno.openSync = openSync;
    }
    assertEquals(opened, 80); // beginnings, then contents
  });
});

Deno.test("shared images are counted in a line that names three of them, printable", () => {
  const folder = { root: "va\nl", paths: Array.from({ length: 9 }, (_, i) => `${i}`) };
  const line = (...shared: string[]) => describeShared(shared, folder);
  const told = (count: number, names: string) =>
    `${count} of the 9 images in va\\nl are training images too, which makes results too optimistic: ${names}`;
  assertEquals(line(), undefined);
  assertEquals(line("1", "\t"), told(2, "1, \\t"));
  assertEquals(line("1", "2", "3"), told(3, "1, 2, 3"));
  assertEquals(line("1", "2", "3", "4"), told(4, "1, 2, 3, …"));
});

Deno.test("rows of tables are the same where they are one row, and members of archives where their bytes are", async () => {
  await inTempFolder(async (root) => {
    const table = `${root}/a.parquet`, other = `${root}/b.parquet`;
    const bytes = new Uint8Array(await Deno.readFile(new URL("images/rgb.png", import.meta.url)));
    for (const path of [table, other]) await Deno.writeFile(path, parquetFile([bytes, bytes]));
    const rows = await openImages(table);
    assertEquals(await sharedImages(rows, rows), rows.paths);
    assertEquals(await sharedImages(rows, await openImages(other)), []); // sizes are not known
    for (const [name, ...members] of [["1.zip", "x.png"], ["2.zip", "y.png", "z.png"]]) {
      using file = Deno.openSync(`${root}/${name}`, { create: true, write: true });
      const archive = new ZipWriter(file);
      for (const member of members) {
        archive.add(member, member === "z.png" ? bytes.with(50, 1) : bytes);
      }
      archive.finish();
    }
    const [one, two] = await Promise.all(
      ["1.zip", "2.zip"].map((name) => openImages(`${root}/${name}`)),
    );
    assertEquals(await sharedImages(one, two), ["2.zip/y.png"]);
  });
});

Deno.test("contents are not compared where that concerns more than 100,000 files", async () => {
  await inTempFolder(async (root) => {
    const folder = (name: string, count: number) => {
      const path = join(root, name),
        paths = Array.from({ length: count }, (_, i) => `${name}/${i}`);
      Deno.writeTextFileSync(path, "ab");
      return {
        root: path,
        paths,
        samples: paths.map((_, i) => ({ path, offset: i % 2, length: 1 })),
      };
    };
    const few = folder("few", 2);
    assertEquals(await sharedImages(few, folder("other", 2)), ["other/0", "other/1"]);
    assertEquals(await sharedImages(few, folder("many", 99_999)), []);
  });
});
