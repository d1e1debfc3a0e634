import { assertEquals } from "@std/assert";
import { type ImageFolder, imageName, locate, selectImages } from "../../src/data/folder.ts";

const paths = ["a.jpg", "b.jpg", "c.jpg"];

Deno.test("images lie where their samples say, else in the files of their paths, and are called by these", () => {
  const samples = paths.map((_, offset) => ({ path: "x.tar", offset }));
  assertEquals(locate({ root: "r", paths }, 1), { path: "r/b.jpg" });
  assertEquals(locate({ root: "r", paths, samples }, 1), { path: "x.tar", offset: 1 });
  assertEquals(imageName({ root: "r", paths, samples }, 1), "r/b.jpg");
});

Deno.test("selected images keep all that is known of them, in the order asked for, but not how they are grouped", () => {
  const folder: ImageFolder = {
    ...{ root: "r", paths, classes: ["x", "y"], leftOut: [] },
    samples: paths.map((_, offset) => ({ path: "x.tar", offset })),
    labels: Uint32Array.of(0, 1, 0),
    weights: Float64Array.of(1, 2, 3),
    targets: { paths: ["a.npy", "b.npy", "c.npy"], kind: { kind: "depth", scale: 1 } },
    groups: { starts: [0, 1], together: 1 },
  };
  const selected = selectImages(folder, [2, 0]);
  assertEquals([0, 1].map((index) => locate(selected, index)), [
    { path: "x.tar", offset: 2 },
    { path: "x.tar", offset: 0 },
  ]);
  assertEquals({ ...selected, samples: undefined }, {
    ...{ root: "r", paths: ["c.jpg", "a.jpg"], classes: ["x", "y"], leftOut: [] },
    samples: undefined,
    labels: Uint32Array.of(0, 0),
    weights: Float64Array.of(3, 1),
    targets: { paths: ["c.npy", "a.npy"], kind: { kind: "depth", scale: 1 } },
  });
  assertEquals(selectImages({ root: "r", paths }, [1]), { root: "r", paths: ["b.jpg"] });
});
