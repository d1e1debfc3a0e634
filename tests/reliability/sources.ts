/**
 * The same thirty images, every sixth of them broken, as sources of every kind.
 *
 * @module
 */
import { join } from "@std/path";
import { gzipSync } from "node:zlib";
import { makeBuiltinDataset } from "../../src/data/builtin/builtin.ts";
import { scanImageFolder } from "../../src/data/sources/folder.ts";
import { writeEnd, writeMember } from "../../src/data/sources/tar_writer.ts";
import { ZipWriter } from "../../src/files/zip/writer.ts";
import { parquetFile } from "../data/sources/write_parquet.ts";

/** Images of a shard, and of a row group: neither a whole number of batches nor of epochs. */
const SHARD = 7, GROUP = 4;

interface NamedImage {
  /** Its path below the folder: its class, a slash and its name. */
  readonly path: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/**
 * Writes sources of every kind.
 *
 * @param folder Where to write them.
 * @returns How a command line names each.
 */
export async function writeSources(folder: string): Promise<Record<string, string[]>> {
  const train = join(folder, "train"), val = join(folder, "val");
  await makeBuiltinDataset(folder, { trainPerClass: 3, valPerClass: 1, size: 32 });
  const { paths } = await scanImageFolder(train);
  paths.filter((_, i) => i % 6 === 0).forEach((path) => Deno.truncateSync(join(train, path), 200));
  const images = paths.map((path) => ({ path, bytes: Deno.readFileSync(join(train, path)) }));
  const place = (name: string) => join(folder, name);
  for (const name of ["tars", "gzipped", "parquet"]) Deno.mkdirSync(place(name));
  for (let shard = 0; shard * SHARD < images.length; shard++) {
    const held = images.slice(shard * SHARD, (shard + 1) * SHARD);
    writeTar(place(`tars/${shard}.tar`), held, shard);
    Deno.writeFileSync(
      place(`gzipped/${shard}.tar.gz`),
      gzipSync(Deno.readFileSync(place(`tars/${shard}.tar`))),
    );
    const rows = { groupRows: GROUP, labels: held.map(({ path }) => path.split("/")[0]) };
    Deno.writeFileSync(
      place(`parquet/${shard}.parquet`),
      parquetFile(held.map(({ bytes }) => bytes), rows),
    );
  }
  writeZip(place("images.zip"), images);
  const rows = images.map(({ path }) => `train/${path},${path.split("/")[0]}`);
  Deno.writeTextFileSync(place("list.csv"), ["path,label", ...rows, ""].join("\n"));
  const weighted = [{ path: train, weight: 1, class_balance: 1 }, { path: val, weight: 2 }];
  return {
    "a folder": [`--data=${train}`],
    "folders by weight": [`data.sources=${JSON.stringify(weighted)}`],
    "a list": [`--data=${place("list.csv")}`],
    "tar shards": [`--data=${place("tars")}`],
    "gzipped tar shards": [`--data=${place("gzipped")}`],
    "parquet files": [`--data=${place("parquet")}`],
    "a zip archive": [`--data=${place("images.zip")}`],
    "ImageNet of the reference": [`train.dataset_path=ImageNet:split=TRAIN:root=${folder}`],
  };
}

function writeTar(path: string, images: readonly NamedImage[], shard: number): void {
  using archive = Deno.openSync(path, { write: true, createNew: true });
  for (const [i, { path, bytes }] of images.entries()) {
    writeMember(archive, `${shard}-${i}.jpg`, bytes);
    writeMember(archive, `${shard}-${i}.cls`, new TextEncoder().encode(path.split("/")[0]));
  }
  writeEnd(archive);
}

function writeZip(path: string, images: readonly NamedImage[]): void {
  using file = Deno.openSync(path, { write: true, createNew: true });
  const archive = new ZipWriter(file);
  for (const { path, bytes } of images) archive.add(path, bytes);
  archive.finish();
}
