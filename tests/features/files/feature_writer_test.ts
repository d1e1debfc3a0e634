import { assertEquals, assertThrows } from "@std/assert";
import { join } from "@std/path";
import { fromMetadata } from "../../../src/checkpoint/metadata.ts";
import { readSafetensors } from "../../../src/checkpoint/safetensors.ts";
import { checkFeaturePath, FeatureWriter } from "../../../src/features/files/feature_writer.ts";
import { NO_LABEL } from "../../../src/data/sources/labels.ts";
import { tensor } from "../../../src/tensor/create.ts";
import { inFolder } from "../../checkpoint/in_folder.ts";
import { testTensor } from "../../helpers.ts";

const folder = {
  root: "images",
  paths: ["cat/a,b.jpg", "cat/broken.jpg", 'dog/"c".jpg'],
  classes: ["cat", "dog"],
  labels: Uint32Array.of(0, 0, 1),
};
const unlabelled = { root: "images", paths: folder.paths };
const rows = [[0.1, -2], [3.5, 1e-8]];
const brokenFiles = [{ path: "cat/broken.jpg", reason: "cut off" }];
const done = { position: 3, brokenFiles };

function write(path: string, images: typeof unlabelled, key = {}): string[] {
  using writer = new FeatureWriter(path, images, { key });
  writer.append(tensor(rows.slice(0, 1)), [0], { position: 1, brokenFiles: [] });
  writer.append(tensor(rows.slice(1)), [2], done);
  return [...writer.finish(brokenFiles).files];
}

testTensor("safetensors hold features and labels, and paths beside them", () => {
  inFolder((temp) => {
    const path = join(temp, "f.safetensors");
    assertEquals(write(path, folder, { kind: "cls" }), [path]);
    const { tensors, metadata } = readSafetensors(path);
    assertEquals(tensors.features.toList(), tensor(rows).toList());
    assertEquals([tensors.labels.dtype, tensors.labels.toList()], ["int64", [0, 1]]);
    const [first, broken, last] = folder.paths;
    const named = { paths: [first, last], classes: folder.classes, left_out: [broken] };
    assertEquals(fromMetadata(metadata), { kind: "cls", ...named });
    assertEquals(Array.from(Deno.readDirSync(temp), ({ name }) => name), ["f.safetensors"]);
  });
});

testTensor("a table has a row for each image, with digits that give each float32 back", () => {
  inFolder((temp) => {
    const path = join(temp, "f.csv");
    write(path, folder);
    assertEquals(
      Deno.readTextFileSync(path),
      "path,class,f0,f1\n" + '"cat/a,b.jpg",cat,0.100000001,-2\n' +
        '"dog/""c"".jpg",dog,3.5,9.99999994e-9\n',
    );
  });
});

testTensor("a table of features and that of an array's paths never take each other's place", () => {
  inFolder((temp) => {
    const [array, paths, table] = ["a.npy", "a.csv", "t.csv"].map((name) => join(temp, name));
    write(array, folder);
    write(table, folder);
    const before = [paths, table].map((path) => Deno.readTextFileSync(path));
    assertThrows(
      () => write(paths, folder),
      Error,
      `the table of paths that belongs to "${array}"`,
    );
    const other = join(temp, "t.npy");
    assertThrows(() => write(other, folder), Error, `go into "${table}", which is there already`);
    assertEquals([paths, table].map((path) => Deno.readTextFileSync(path)), before);
    assertEquals(write(array, folder), [array, paths]);
    assertEquals(write(table, folder), [table]);
  });
});

testTensor("NumPy's file has its rows named in a table beside it", () => {
  inFolder((temp) => {
    const path = join(temp, "f.npy");
    assertEquals(write(path, unlabelled), [path, join(temp, "f.csv")]);
    const bytes = Deno.readFileSync(path);
    const head = new TextDecoder("latin1").decode(bytes.subarray(10, 128));
    assertEquals(head.trimEnd(), "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 2,), }");
    assertEquals(
      Array.from(new Float32Array(bytes.buffer, 128)),
      Array.from(tensor(rows).toArray() as Float32Array),
    );
    assertEquals(
      Deno.readTextFileSync(join(temp, "f.csv")),
      'path\n"cat/a,b.jpg"\n"dog/""c"".jpg"\n',
    );
  });
});

for (const ending of ["safetensors", "npy", "csv"]) {
  testTensor(`what was begun is gone on with to the same file: ${ending}`, () => {
    inFolder((temp) => {
      const [whole, resumed] = ["whole", "resumed"].map((name) => join(temp, `${name}.${ending}`));
      write(whole, folder);
      {
        using killed = new FeatureWriter(resumed, folder, { key: {} });
        killed.append(tensor(rows.slice(0, 1)), [0], { position: 1, brokenFiles: [] });
      }
      Deno.writeFileSync(`${resumed}.partial`, Uint8Array.of(1, 2, 3), { append: true });
      using writer = new FeatureWriter(resumed, folder, { key: {} });
      assertEquals(writer.begun, { position: 1, brokenFiles: [] });
      writer.append(tensor(rows.slice(1)), [2], done);
      writer.finish(brokenFiles);
      assertEquals(Deno.readFileSync(resumed), Deno.readFileSync(whole));
      {
        using late = new FeatureWriter(resumed, folder, { key: {} }); // killed behind the last image
        late.append(tensor(rows), [0, 2], done);
      }
      using last = new FeatureWriter(resumed, folder, { key: {} });
      assertEquals([last.begun, last.finish(brokenFiles).shape], [done, [2, 2]]);
      assertEquals(Deno.readFileSync(resumed), Deno.readFileSync(whole));
    });
  });
}

testTensor("features of another key are begun anew", () => {
  inFolder((temp) => {
    const path = join(temp, "f.csv");
    {
      using other = new FeatureWriter(path, folder, { key: { weights: "a" } });
      other.append(tensor([[9, 9, 9]]), [0], { position: 1, brokenFiles: [] });
    }
    using writer = new FeatureWriter(path, folder, { key: { weights: "b" } });
    assertEquals([writer.begun, writer.discardsStale], [undefined, true]);
    writer.append(tensor(rows), [0, 2], done);
    assertEquals(writer.finish(brokenFiles).shape, [2, 2]);
    assertEquals(Deno.readTextFileSync(path).split("\n").length, 4);
  });
});

Deno.test("files that cannot hold the features are refused beforehand", () => {
  assertThrows(() => checkFeaturePath("f.txt", "cls"), TypeError, ".safetensors, .npy or .csv");
  assertThrows(() => checkFeaturePath("f.csv", "patch-grid"), TypeError, "one row per image");
});

testTensor(
  "images whose class is not known are -1 among labels, and have no class in a table",
  () => {
    inFolder((temp) => {
      const some = { ...folder, labels: Uint32Array.of(NO_LABEL, 0, 1) };
      const path = join(temp, "f.safetensors");
      write(path, some);
      assertEquals(readSafetensors(path).tensors.labels.toList(), [-1, 1]);
      write(join(temp, "t.csv"), some);
      const [, first] = Deno.readTextFileSync(join(temp, "t.csv")).split("\n");
      assertEquals(first, '"cat/a,b.jpg",,0.100000001,-2');
      write(join(temp, "f.npy"), some);
      assertEquals(
        Deno.readTextFileSync(join(temp, "f.csv")),
        'path,class\n"cat/a,b.jpg",\n"dog/""c"".jpg",dog\n',
      );
      write(path, unlabelled);
      const { tensors, metadata } = readSafetensors(path);
      assertEquals([Object.keys(tensors), "classes" in metadata], [["features"], false]);
    });
  },
);

testTensor(
  "grids have rows and columns in both formats, and lines in names do not break a table",
  () => {
    inFolder((temp) => {
      const grids = tensor(Float32Array.from({ length: 12 }, (_, i) => i), { shape: [2, 2, 1, 3] });
      for (const name of ["g.safetensors", "g.npy"]) {
        const path = join(temp, name);
        const facts = { kind: "of facts", by: "me" };
        using writer = new FeatureWriter(path, folder, { key: { kind: "patch-grid" }, facts });
        assertEquals([writer.begun, writer.discardsStale], [undefined, false]);
        writer.append(grids, [0, 2], done);
        assertEquals(writer.finish(brokenFiles).shape, [2, 2, 1, 3]);
      }
      const { tensors, metadata } = readSafetensors(join(temp, "g.safetensors"));
      assertEquals([metadata.kind, metadata.by], ['"patch-grid"', '"me"'], "the key goes first");
      assertEquals(tensors.features.toList(), grids.toList());
      const odd = { root: "images", paths: ["a\rb.jpg", "broken.jpg", "c\nd.jpg"] };
      write(join(temp, "odd.csv"), odd);
      assertEquals(
        Deno.readTextFileSync(join(temp, "odd.csv")),
        'path,f0,f1\n"a\rb.jpg",0.100000001,-2\n"c\nd.jpg",3.5,9.99999994e-9\n',
      );
    });
  },
);

testTensor("nothing added is no file", () => {
  inFolder((temp) => {
    const path = join(temp, "f.npy");
    using writer = new FeatureWriter(path, folder, { key: {} });
    assertThrows(() => writer.finish([]), Error, `Cannot write "${path}": there are no features`);
    assertEquals([...Deno.readDirSync(temp)], []);
  });
});
