import "../native.ts";
import { assert, assertEquals, assertRejects } from "@std/assert";
import { concat } from "@std/bytes/concat";
import { resample, resizedImage } from "../../src/data/augment/resample.ts";
import { decodeImage } from "../../src/data/codec/decode.ts";
import { encodeJpeg } from "../../src/data/codec/encode_jpeg.ts";
import { encodePng } from "../../src/data/codec/encode_png.ts";
import { readCameraOrientation, readImageHeader } from "../../src/data/codec/image_header.ts";
import { exifOf } from "../../src/data/codec/orientation.ts";
import { locate } from "../../src/data/folder.ts";
import { readSample } from "../../src/data/sources/sample.ts";
import { scope } from "../../src/tensor/scope.ts";
import { shardImages, type ShardOptions } from "../../src/data/shard_images.ts";
import { openImages } from "../../src/data/sources/open.ts";
import { inTempFolder } from "../temp_folder.ts";
import { withDyingWorkers, withStillbornWorkers } from "./dying_workers.ts";
import { listed, unpack } from "./sources/cases.ts";

Deno.test("shards hold the images of their source, byte by byte and class by class, in order", async () => {
  await inTempFolder(async (folder) => {
    const source = `${await unpack("links", folder)}/data`;
    const done: number[] = [];
    const images = await openImages(source);
    const { shards, skipped } = await shardImages(images, `${folder}/out`, {
      imagesPerShard: 4,
      onProgress: (count) => done.push(count),
    });
    assertEquals([shards.length, skipped, done.at(-1)], [3, [], 10]);
    const hashes = async (data: string, label?: string) =>
      (await listed(data, { label })).images.map((image) => [image.sha256, image.class]);
    assertEquals(await hashes(`${folder}/out`, "json.class"), await hashes(source));
    const numbered = await openImages(`${folder}/out`);
    assertEquals([...numbered.labels!], [...images.labels!]);
    await assertRejects(() => shardImages(images, `${folder}/out`), Error, "it already holds 0000");
  });
});

Deno.test("a file that is no image is skipped by name, and no half shard is left", async () => {
  await inTempFolder(async (folder) => {
    const source = `${await unpack("links", folder)}/data`;
    await Deno.writeTextFile(`${source}/10/bad.jpg`, "no image");
    const { images, skipped } = await shardImages(await openImages(source), `${folder}/out`);
    assertEquals([images, skipped.map(({ path }) => path)], [10, ["10/bad.jpg"]]);
    const names = Array.from(Deno.readDirSync(`${folder}/out`), ({ name }) => name).sort();
    assertEquals(names, ["00000.idx", "00000.tar"]);
  });
});

Deno.test("shards take their names when all are written, and none stays where the writing ends before", async () => {
  await inTempFolder(async (folder) => {
    const images = await openImages(`${await unpack("links", folder)}/data`);
    const names = () => Array.from(Deno.readDirSync(`${folder}/out`), ({ name }) => name).sort();
    const stopping = new AbortController();
    const onProgress = (done: number) => {
      if (done < 7) return;
      assertEquals(names(), ["00000.tar.partial", "00001.tar.partial", "00002.tar.partial"]);
      stopping.abort(new Error("stopped"));
    };
    const { signal } = stopping;
    const options = { imagesPerShard: 3, signal, onProgress };
    await assertRejects(() => shardImages(images, `${folder}/out`, options), Error, "stopped");
    assertEquals(names(), []);
    await shardImages(images, `${folder}/out`, { imagesPerShard: 3 });
    assertEquals(names().length, 8);
  });
});

/** An image of smooth colours. */
function picture(width: number, height: number) {
  const pixels = new Uint8Array(3 * width * height);
  for (let at = 0; at < pixels.length; at++) {
    const pixel = Math.floor(at / 3);
    pixels[at] = 127 + 90 * Math.sin((pixel % width) / 9 + at % 3) * Math.cos(pixel / width / 7);
  }
  return { width, height, pixels };
}

Deno.test("larger images shrink to a short side by Pillow's rule, JPEG to JPEG; smaller ones keep their bytes", async () => {
  await inTempFolder(async (folder) => {
    await Deno.mkdir(`${folder}/in`);
    const large = picture(101, 64);
    const files: Record<string, Uint8Array> = {
      "a.png": encodePng(large),
      "b.jpg": await encodeJpeg(large, exifOf(6)),
      "c.png": encodePng(picture(32, 99)),
    };
    for (const [name, bytes] of Object.entries(files)) {
      await Deno.writeFile(`${folder}/in/${name}`, bytes);
    }
    await shardImages(await openImages(`${folder}/in`), `${folder}/out`, { shortSide: 32 });
    const shards = await openImages(`${folder}/out`);
    const [a, b, c] = await Promise.all(
      shards.paths.map((_, index) => readSample(locate(shards, index))),
    );
    assertEquals(c, files["c.png"]);
    const right = scope(() => resample(large, [32, 50], "bicubic").permute([1, 2, 0]).toArray());
    assertEquals((await decodeImage(a)).pixels, right as Uint8Array<ArrayBuffer>);
    const { format, width, height } = await readImageHeader(b);
    assertEquals([format, width, height, await readCameraOrientation(b)], ["JPEG", 50, 32, 6]);
    const { pixels } = await decodeImage(b);
    assert(pixels.every((value, i) => Math.abs(value - Number(right[i])) <= 12), "near");
  });
});

Deno.test("threads make the same shards however many they are, and images of other channels are resized too", async () => {
  await inTempFolder(async (folder) => {
    await Deno.mkdir(`${folder}/in`);
    const sides = Array.from({ length: 70 }, (_, i) => [30 + i % 7, 40 + i % 11]);
    for (const [i, [width, height]] of sides.entries()) {
      await Deno.writeFile(`${folder}/in/${100 + i}.png`, encodePng(picture(width, height)));
    }
    await Deno.writeTextFile(`${folder}/in/150.png`, "no image");
    const images = await openImages(`${folder}/in`);
    const pack = async (options: ShardOptions) => {
      const output = await Deno.makeTempDir({ dir: folder });
      const { skipped } = await shardImages(images, output, { shortSide: 20, ...options });
      assertEquals(skipped.map(({ path }) => path), ["150.png"]);
      return { output, bytes: await Deno.readFile(`${output}/00000.tar`) };
    };
    const one = await pack({ workers: 1 });
    assertEquals((await pack({ workers: 2 })).bytes, one.bytes);
    const { output } = await pack({ channels: 1 });
    const { pixels, ...size } = await decodeImage(
      await readSample(locate(await openImages(output), 6)),
      { channels: 1 },
    );
    const gray = await decodeImage(encodePng(picture(36, 46)), { channels: 1 });
    const right = scope(() => resizedImage(gray, [25, 20]).permute([1, 2, 0]).toArray());
    assertEquals([size, pixels], [{ width: 20, height: 25 }, right as Uint8Array<ArrayBuffer>]);
  });
});

Deno.test("where no image can be read nothing is written, and the first is told with its reason", async () => {
  await inTempFolder(async (folder) => {
    await Deno.mkdir(`${folder}/in`);
    for (const name of ["a.png", "b.png"]) await Deno.writeTextFile(`${folder}/in/${name}`, "text");
    const images = await openImages(`${folder}/in`);
    const reason = `no image of 2 can be read. The first, "a.png": not an image of a known format`;
    await assertRejects(() => shardImages(images, `${folder}/out`), Error, reason);
    assertEquals(Array.from(Deno.readDirSync(`${folder}/out`)), []);
  });
});

Deno.test("an image of which a worker dies is skipped by name, and workers that cannot start skip none", async () => {
  await inTempFolder(async (folder) => {
    await Deno.mkdir(`${folder}/in`);
    for (const name of ["a.png", "dies_early.png", "z.png"]) {
      await Deno.writeFile(`${folder}/in/${name}`, encodePng(picture(30, 20)));
    }
    const images = await openImages(`${folder}/in`);
    const pack = (output: string) =>
      shardImages(images, `${folder}/${output}`, { shortSide: 8, workers: 1 });
    await withDyingWorkers(async () => {
      const { skipped } = await pack("dying");
      const reason = "the worker died (Error: out of memory), also when tried again";
      assertEquals(skipped, [{ path: "dies_early.png", reason }]);
    });
    const reason = "Cannot start a worker: the worker died (Error: no memory)";
    await withStillbornWorkers(() => assertRejects(() => pack("none"), Error, reason));
    assertEquals(Array.from(Deno.readDirSync(`${folder}/none`)), []);
  });
});

Deno.test("the index beside a shard tells where each member begins, as DALI reads it", async () => {
  await inTempFolder(async (folder) => {
    const images = await openImages(`${await unpack("links", folder)}/data`);
    await shardImages(images, `${folder}/out`, { imagesPerShard: 4 });
    const tar = await Deno.readFile(`${folder}/out/00001.tar`);
    const [head, ...lines] = (await Deno.readTextFile(`${folder}/out/00001.idx`)).split("\n");
    assertEquals([head, lines.length, lines.at(-1)], ["v1.2 4", 5, ""]);
    const [, , , name, , label, length, labelName] = lines[0].split(" ");
    assertEquals([name.split(".")[0], labelName], ["000000004", "000000004.cls"]);
    const text = new TextDecoder().decode(
      tar.subarray(Number(label), Number(label) + Number(length)),
    );
    assertEquals(text, String(images.labels![4]));
  });
});

Deno.test("images of more channels than JPEG and PNG have are not resized", async () => {
  await inTempFolder(async (folder) => {
    const images = { root: folder, paths: ["a.npy"] };
    await assertRejects(
      () => shardImages(images, `${folder}/out`, { shortSide: 8, channels: 5 }),
      RangeError,
      "5 channels",
    );
  });
});

Deno.test("shards and indexes that hold other than was written are not trusted", async () => {
  await inTempFolder(async (folder) => {
    const images = await openImages(`${await unpack("links", folder)}/data`);
    const { renameSync } = Deno;
    const changed = async (
      ending: string,
      change: (text: Uint8Array<ArrayBuffer>) => Uint8Array | void | number,
    ) => {
      Deno.renameSync = (from, to) => {
        if (String(to).endsWith(ending)) {
          const bytes = Deno.readFileSync(from);
          const others = change(bytes);
          Deno.writeFileSync(from, others instanceof Uint8Array ? others : bytes);
        }
        renameSync(from, to);
      };
      try {
        await shardImages(images, `${folder}/out`);
      } finally {
        Deno.renameSync = renameSync;
        await Deno.remove(`${folder}/out`, { recursive: true });
      }
    };
    await assertRejects(
      () => changed(".tar", (bytes) => bytes[700] ^= 1),
      Error,
      "00000.tar/000000000.jpg differs from what was written",
    );
    for (const ending of ["cls", "json"]) {
      await assertRejects(
        () =>
          changed(".tar", (bytes) => {
            const text = new TextDecoder("latin1").decode(bytes);
            bytes[text.indexOf(`000000000.${ending}`) + 512] ^= 1;
          }),
        Error,
        `00000.tar/000000000.${ending} differs from what was written`,
      );
    }
    const digit = "v1.2 10\njpg ".length;
    await assertRejects(
      () => changed(".idx", (bytes) => bytes[digit] ^= 1),
      Error,
      "the index of 00000.tar/000000000.jpg differs from what was written",
    );
    await assertRejects(
      () => changed(".idx", (bytes) => bytes[bytes.length - 2] ^= 1),
      Error,
      "differs from what was written",
    );
    const blank = new TextEncoder().encode("jpg 0 1 x\n");
    await assertRejects(
      () => changed(".idx", (bytes) => concat([bytes, blank])),
      Error,
      "00000.tar lacks x",
    );
    await changed(".none", () => {});
  });
});

Deno.test("a shard has 10,000 images unless told otherwise", async () => {
  await inTempFolder(async (folder) => {
    await Deno.writeFile(`${folder}/0`, encodePng(picture(1, 1)));
    const count = async (images: number) => {
      const paths = Array.from({ length: images }, (_, i) => `${i}`); // only one is there: it goes fast
      return (await shardImages({ root: folder, paths }, `${folder}/${images}`)).shards.length;
    };
    assertEquals([await count(10_000), await count(10_001)], [1, 2]);
  });
});

Deno.test("packing that is stopped ends with the reason, and leaves no shard", async () => {
  await inTempFolder(async (folder) => {
    const images = await openImages(`${await unpack("links", folder)}/data`);
    const stop = new AbortController();
    const done: number[] = [];
    const onProgress = (count: number) => {
      done.push(count);
      if (count === 3) stop.abort(new Error("stopped by hand"));
    };
    const options = { signal: stop.signal, onProgress };
    await assertRejects(
      () => shardImages(images, `${folder}/out`, options),
      Error,
      "stopped by hand",
    );
    assertEquals([done, Array.from(Deno.readDirSync(`${folder}/out`))], [[1, 2, 3], []]);
  });
});

Deno.test("a folder that holds a folder is not empty", async () => {
  await inTempFolder(async (folder) => {
    await Deno.mkdir(`${folder}/out/old`, { recursive: true });
    const images = { root: folder, paths: ["a.png"] };
    await assertRejects(() => shardImages(images, `${folder}/out`), Error, "it already holds old");
  });
});

Deno.test("arrays of numpy.save are packed as they are where the channels are not 3", async () => {
  await inTempFolder(async (folder) => {
    await Deno.mkdir(`${folder}/in`);
    const text = "{'descr': '|u1', 'fortran_order': False, 'shape': (2, 3, 5), }\n";
    const head = [0x93, ...new TextEncoder().encode("NUMPY"), 1, 0, text.length, 0];
    const bytes = Uint8Array.from([
      ...head,
      ...new TextEncoder().encode(text),
      ...Array(30).keys(),
    ]);
    await Deno.writeFile(`${folder}/in/a.npy`, bytes);
    const images = await openImages(`${folder}/in`, { channels: 5 });
    const { skipped } = await shardImages(images, `${folder}/out`, { channels: 5 });
    const packed = await openImages(`${folder}/out`, { channels: 5 });
    assertEquals([skipped, packed.paths], [[], ["00000.tar/000000000.npy"]]);
    assertEquals(await readSample(locate(packed, 0)), bytes);
    const resized = () => shardImages(images, `${folder}/r`, { channels: 4, shortSide: 1 });
    await assertRejects(resized, Error, `"a.npy": an array of numpy.save is not resized`);
  });
});
