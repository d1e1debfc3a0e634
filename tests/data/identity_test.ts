import { assertEquals, assertNotEquals } from "@std/assert";
import { join } from "@std/path";
import { differenceOf, identityOf } from "../../src/data/identity.ts";
import { openSources } from "../../src/data/sources/open.ts";
import type { ZipEntry } from "../../src/files/zip/format.ts";
import { inTempFolder, withEmptyFiles } from "../temp_folder.ts";

/** A folder of files of these sizes. */
function files(root: string, sizes: Readonly<Record<string, number>>) {
  Deno.mkdirSync(root);
  for (const [name, size] of Object.entries(sizes)) {
    Deno.writeFileSync(join(root, name), new Uint8Array(size));
  }
  return { root, paths: Object.keys(sizes) };
}

Deno.test("images are known by count, names and sizes, wherever they lie", () =>
  inTempFolder((folder) => {
    const known = identityOf(files(join(folder, "a"), { "1.png": 10, "2.png": 20 }));
    const found = (name: string, sizes: Readonly<Record<string, number>>) =>
      differenceOf(identityOf(files(join(folder, name), sizes)), known);
    assertEquals(found("same", { "1.png": 10, "2.png": 20 }), undefined);
    assertEquals(
      found("fewer", { "1.png": 10 }),
      "are now 1, not the 2 it was trained on",
    );
    assertEquals(
      found("renamed", { "1.png": 10, "3.png": 20 }),
      "have other names than those it was trained on",
    );
    assertEquals(
      found("replaced", { "1.png": 10, "2.png": 21 }),
      "have other sizes than those it was trained on",
    );
  }));

Deno.test("parts of a file are known by their lengths", () => {
  const shard = (length: number) =>
    identityOf({ root: "a.tar", paths: ["x"], samples: [{ path: "a.tar", length }] });
  assertEquals(shard(3), shard(3));
  assertEquals(shard(3).sizes === shard(4).sizes, false);
  const member = (size: number) => {
    const entry = { size } as ZipEntry;
    return identityOf({ root: "a.zip", paths: ["x"], samples: [{ path: "a.zip", entry }] });
  };
  assertEquals([member(3).sizes, member(4).sizes], [shard(3).sizes, shard(4).sizes]);
});

Deno.test("images are known by how often they are drawn and which are read together", () => {
  const images = { root: "a", paths: ["x", "y"] };
  const known = identityOf(images);
  const others = [
    { ...images, weights: Float64Array.of(1, 2) },
    { ...images, groups: { starts: [0, 1], together: 2 } },
  ];
  for (const other of others) {
    assertEquals(differenceOf(identityOf(other), known), "are drawn in another order than before");
  }
});

Deno.test("the sizes of 4,096 images are looked at, spread over all", () => {
  const samples = Array.from(
    { length: 8192 },
    (_, i) => ({ path: "a.tar", offset: i, length: 10 }),
  );
  const identity = (changed: number) => {
    const images = samples.with(changed, { ...samples[changed], length: 11 });
    return identityOf({ root: "", paths: images.map((_, i) => `${i}`), samples: images });
  };
  const known = identityOf({ root: "", paths: samples.map((_, i) => `${i}`), samples });
  assertEquals(
    [0, 1, 4096, 8190, 8191].map((changed) => differenceOf(identity(changed), known) !== undefined),
    [true, false, true, true, false],
  );
});

Deno.test("several sources are known by their lists, also in folders of other names", async () => {
  await withEmptyFiles(
    ["a/1.jpg", "b/x/2.jpg", "moved/1.jpg", "elsewhere/x/2.jpg"],
    async (root) => {
      const identity = async (...names: string[]) =>
        identityOf(await openSources(names.map((name) => join(root, name))));
      assertEquals(await identity("moved", "elsewhere"), await identity("a", "b"));
      assertNotEquals(await identity("b", "a"), await identity("a", "b"));
    },
  );
});
