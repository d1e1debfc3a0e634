import type { SourceOptions } from "../../src/data/sources/open.ts";
import type { Flags } from "../cli/flags.ts";

/** Flags that name a source. */
export const sourceFlags = {
  required: ["data"],
  repeated: ["data"],
  optional: ["label", "channels"],
};

/** What `--help` says about them. */
export const sourceHelp =
  `  --data SOURCE   a folder, a list (.txt, .csv, .tsv, .jsonl, .json; paths relative to it), tar shards
                  ("shards/{000..123}.tar", or their folder), a folder of parquet files, a .zip, or
                  the reference's ImageNet:split=TRAIN:root=DIR; SOURCE:split=validation selects a
                  split. May be given several times
  --label NAME    where classes are written: a column, or a member of shards such as json.label
  --channels N    channels of the images; default 3. Where they are not 3, .npy files are images too`;

/** Flags of commands that decode the images of a source. */
export const decodingFlags = {
  ...sourceFlags,
  optional: [...sourceFlags.optional, "num-workers"],
};

/** What `--help` says about them. */
export const decodingHelp = `${sourceHelp}
  --num-workers N decoding threads; default one for each core, at most 10`;

/** The source that a command line names. */
export interface AskedSource extends SourceOptions {
  /** The sources. */
  readonly data: readonly string[];
}

/** The source that a command line names, and what decodes it. */
export interface AskedImages extends AskedSource {
  /** Decoding threads. */
  readonly workers?: number;
}

/** Reads {@linkcode sourceFlags}. */
export function readSourceFlags(flags: Flags): AskedSource {
  return {
    data: flags.sources("data"),
    label: flags.optional("label"),
    channels: flags.count("channels"),
  };
}

/** Reads {@linkcode decodingFlags}. */
export function readDecodingFlags(flags: Flags): AskedImages {
  return { ...readSourceFlags(flags), workers: flags.count("num-workers") };
}
