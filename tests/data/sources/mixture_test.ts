import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { join } from "@std/path";
import type { MixtureEntry } from "../../../src/config/mixture_entry.ts";
import { resolveConfig } from "../../../src/config/resolve.ts";
import { trainingOrder } from "../../../src/data/sampler.ts";
import { NO_LABEL } from "../../../src/data/sources/labels.ts";
import { openSources } from "../../../src/data/sources/open.ts";
import { inTempFolder, withEmptyFiles } from "../../temp_folder.ts";
import { CASES } from "./cases.ts";

Deno.test("sources without weights are one epoch, each image once, their classes united by name", async () => {
  await withEmptyFiles(
    ["a/cat/1.jpg", "a/dog/1.jpg", "b/ant/1.jpg", "b/dog/1.jpg", "c/1.jpg"],
    async (root) => {
      const united = await openSources(["a", "b", "c"].map((name) => join(root, name)));
      assertEquals(united.classes, ["ant", "cat", "dog"]);
      assertEquals([...united.labels!], [1, 2, 0, 2, NO_LABEL]);
      assertEquals(united.paths, [
        "1/cat/1.jpg",
        "1/dog/1.jpg",
        "2/ant/1.jpg",
        "2/dog/1.jpg",
        "3/1.jpg",
      ]);
      const order = trainingOrder(united, { seed: 1 });
      assertEquals(Array.from({ length: 5 }, (_, i) => order.indexAt(i)).sort(), [0, 1, 2, 3, 4]);
    },
  );
});

Deno.test("weights are shares of what is drawn, whatever the sources' sizes, and place by place", async () => {
  await withEmptyFiles(
    ["a/1.jpg", ...Array.from({ length: 9 }, (_, i) => `b/${i}.jpg`)],
    async (root) => {
      const sources = [{ path: join(root, "a"), weight: 3 }, { path: join(root, "b"), weight: 1 }];
      const drawn = await openSources(sources);
      const order = trainingOrder(drawn, { seed: 5 });
      const places = Array.from({ length: 20_000 }, (_, i) => order.indexAt(i));
      const share = places.filter((image) => image === 0).length / places.length;
      assert(Math.abs(share - 0.75) < 0.02, `the share of the first source is ${share}`);
      const later = trainingOrder(drawn, { seed: 5 });
      assertEquals(
        Array.from({ length: 50 }, (_, i) => later.indexAt(12_345 + i)),
        places.slice(12_345, 12_395),
      );
    },
  );
});

Deno.test("balanced classes are drawn equally often, rare ones with them", async () => {
  const names = ["a/rare/1.jpg", ...Array.from({ length: 19 }, (_, i) => `a/common/${i}.jpg`)];
  await withEmptyFiles(names, async (root) => {
    const shareOfRare = async (balance: number) => {
      const drawn = await openSources([{
        path: join(root, "a"),
        weight: 1,
        class_balance: balance,
      }]);
      const [rare] = drawn.weights!.slice(-1), sum = drawn.weights!.reduce((a, b) => a + b);
      return Number((rare / sum).toFixed(4));
    };
    assertEquals(await Promise.all([0, 0.5, 1].map(shareOfRare)), [0.05, 0.1866, 0.5]);
  });
});

Deno.test("filters keep sizes, ratios, names and scores that are wanted", async () => {
  await inTempFolder(async (folder) => {
    const source = `${CASES}capital_endings/camera.tar`; // four images of 40 by 32
    const count = async (filter: Record<string, unknown>) =>
      (await openSources([{ path: source, ...filter }])).paths.length;
    assertEquals(await count({ min_size: 32, max_aspect: 1.25 }), 4);
    await assertRejects(() => count({ min_size: 33 }), Error, "no image passes its filters");
    await assertRejects(() => count({ max_aspect: 1.2 }), Error, "no image passes its filters");
    await Deno.writeTextFile(`${folder}/names.txt`, "scan.PNG\ncamera.tar/pic.WebP\nnone.jpg\n");
    assertEquals(await count({ names: `${folder}/names.txt` }), 2);
    const scored = {
      path: `${CASES}label_members/json-int.tar`,
      score: "json.label",
      min_score: 3,
    };
    assertEquals((await openSources([scored])).paths, [
      "json-int.tar/s0.png",
      "json-int.tar/s2.png",
    ]);
  });
});

Deno.test("numbered and named classes are not united by accident", async () => {
  const sources = ["cls-int", "cls-text"].map((name) => ({
    path: `${CASES}label_members/${name}.tar`,
  }));
  await assertRejects(() => openSources(sources), Error, "set label: none for one of them");
  const { classes, labels } = await openSources([sources[0], { ...sources[1], label: "none" }]);
  assertEquals([classes!.length, [...labels!]], [13, [3, 0, 12, NO_LABEL, NO_LABEL, NO_LABEL]]);
});

Deno.test("data.sources is checked where the configuration is made", () => {
  const sources = [{ path: "a", weight: 2 }, { path: "b", min_size: 64 }];
  assertEquals(resolveConfig({ data: { sources } }).data.sources, sources);
  for (
    const wrong of [[{ weight: 1 }], [{ path: "a", weight: 0 }], [{ path: "a", wieght: 1 }], "a"]
  ) {
    assertThrows(
      () => resolveConfig({ data: { sources: wrong as MixtureEntry[] } }),
      TypeError,
      "a list of sources",
    );
  }
  assertThrows(
    () => resolveConfig({ data: { sources }, train: { dataset_path: "c" } }),
    RangeError,
    "list it among",
  );
});

Deno.test("weights and classes of parts are told by the parts they are of, and what they leave out too", async () => {
  await withEmptyFiles(["a/x/1.jpg", "a/y/1.jpg", "a/z.heic", "b/1.jpg"], async (root) => {
    const entries = [{ path: join(root, "a") }, { path: join(root, "b"), weight: 3 }];
    const united = await openSources(entries);
    assertEquals([...united.weights!], [0.5, 0.5, 3]);
    assertEquals(united.root, `${root}/a + ${root}/b`);
    assertEquals(united.leftOut!.map(({ examples }) => examples), [["1/z.heic"]]);
    const [alone] = [await openSources([{ path: join(root, "a"), label: "none" }])];
    assertEquals([alone.classes, alone.labels, alone.paths[0]], [undefined, undefined, "x/1.jpg"]);
  });
});

Deno.test("a filter tells what it leaves out, and refuses a list of names that is not there", async () => {
  const path = `${CASES}capital_endings/camera.tar`; // four images of 40 by 32
  await inTempFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/names.txt`, "\nscan.PNG\r\n");
    const { leftOut, paths } = await openSources([{ path, names: `${folder}/names.txt` }]);
    assertEquals(paths, ["camera.tar/scan.PNG"]);
    const { reason, count, kind } = leftOut!.at(-1)!;
    assertEquals([reason, count, kind], [`not in ${folder}/names.txt`, 3, "expected"]);
    await assertRejects(
      () => openSources([{ path, names: `${folder}/none` }]),
      Error,
      `Cannot read the list of names ${folder}/none`,
    );
  });
});

Deno.test("row groups stay together beside images that are read alone, and as many of them as in any source", async () => {
  await withEmptyFiles(["a/1.jpg", "a/2.jpg", "b/1.jpg"], async (root) => {
    const table = `${CASES}parquet_codecs/zstd-v1.parquet`; // twelve groups of a row
    const { groups, paths } = await openSources([join(root, "a"), table, join(root, "b")]);
    assertEquals([paths.length, groups!.starts.length], [15, 15]);
    assertEquals(groups!.starts, [...paths.keys()]);
    assertEquals(groups!.together, (await openSources([table])).groups!.together);
    const drawn = await openSources([{ path: join(root, "a"), weight: 1 }, { path: table }]);
    assertEquals([drawn.groups, drawn.weights!.length], [undefined, 14]);
    assertEquals((await openSources([join(root, "a"), join(root, "b")])).groups, undefined);
  });
});

Deno.test("classes that are numbers in all sources are united by number, also those that are not met", async () => {
  await inTempFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/x.png`, "");
    for (const [name, label] of [["a", 5], ["b", 2]]) {
      await Deno.writeTextFile(`${folder}/${name}.csv`, `path,label\nx.png,${label}\nx.png,\n`);
    }
    const { classes, labels } = await openSources(
      ["a", "b"].map((name) => `${folder}/${name}.csv`),
    );
    assertEquals(classes, ["0", "1", "2", "3", "4", "5"]);
    assertEquals([...labels!], [5, NO_LABEL, 2, NO_LABEL]);
  });
});
