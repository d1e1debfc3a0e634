import { assertEquals, assertThrows } from "@std/assert";
import { join } from "@std/path";
import { readSafetensors } from "../../src/checkpoint/safetensors.ts";
import { fromMetadata } from "../../src/checkpoint/metadata.ts";
import { writeFeatures } from "../../src/eval/feature_files.ts";
import { checkFeaturePath } from "../../src/eval/feature_kinds.ts";
import { tensor } from "../../src/tensor/create.ts";
import { inFolder } from "../checkpoint/in_folder.ts";
import { testTensor } from "../helpers.ts";

function table() {
  return {
    features: tensor([[0.1, -2], [3.5, 1e-8]]),
    paths: ["cat/a,b.jpg", 'dog/"c".jpg'],
    labels: Uint32Array.of(0, 1),
    classes: ["cat", "dog"],
  };
}

testTensor("safetensors hold features and labels, and paths beside them", () => {
  inFolder((folder) => {
    const path = join(folder, "f.safetensors");
    assertEquals(writeFeatures(path, table(), { kind: "cls" }), [path]);
    const { tensors, metadata } = readSafetensors(path);
    assertEquals(tensors.features.toList(), table().features.toList());
    assertEquals([tensors.labels.dtype, tensors.labels.toList()], ["int64", [0, 1]]);
    const { paths, classes } = table();
    assertEquals(fromMetadata(metadata), { kind: "cls", paths, classes });
  });
});

testTensor("a table has a row for each image, with digits that give each float32 back", () => {
  inFolder((folder) => {
    const path = join(folder, "f.csv");
    writeFeatures(path, table());
    assertEquals(
      Deno.readTextFileSync(path),
      "path,class,f0,f1\n" + '"cat/a,b.jpg",cat,0.100000001,-2\n' +
        '"dog/""c"".jpg",dog,3.5,9.99999994e-9\n',
    );
  });
});

testTensor("NumPy's file has its rows named in a table beside it", () => {
  inFolder((folder) => {
    const path = join(folder, "f.npy");
    const { classes: _, ...unlabelled } = table();
    assertEquals(writeFeatures(path, unlabelled), [path, join(folder, "f.csv")]);
    assertEquals(
      Deno.readTextFileSync(join(folder, "f.csv")),
      'path\n"cat/a,b.jpg"\n"dog/""c"".jpg"\n',
    );
  });
});

Deno.test("files that cannot hold the features are refused beforehand", () => {
  assertThrows(() => checkFeaturePath("f.txt", "cls"), TypeError, ".safetensors, .npy, .csv");
  assertThrows(() => checkFeaturePath("f.csv", "patch-grid"), TypeError, "one row for each image");
});
