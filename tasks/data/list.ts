import type { DecodePool } from "../../src/data/decode_pool.ts";
import type { ImageFolder } from "../../src/data/folder.ts";
import { hashPixels, inspectFiles, type UnreadableImage } from "../../src/data/inspect.ts";
import { NO_LABEL } from "../../src/data/sources/labels.ts";
import type { Command } from "../cli/command.ts";
import { Flags } from "../cli/flags.ts";
import { listSource } from "../cli/open_source.ts";
import { printLine } from "../cli/print.ts";
import {
  type AskedImages,
  decodingFlags,
  decodingHelp,
  readDecodingFlags,
} from "./source_flags.ts";

/** `deno task data list`. */
export const listCommand: Command = {
  summary: "a line of JSON for each image, then what was skipped",
  help: `List the images of a source, a line of JSON for each

  deno task data list --data SOURCE --hash

Flags
${decodingHelp}
  --hash          decode the images, and add the SHA-256 of their RGB bytes
  --help          this text

The last lines say what was skipped and why: {"left_out": [names], "count": N, "reason": …}`,
  prepare(args) {
    const flags = new Flags(args, { ...decodingFlags, switches: ["hash"] });
    const asked = readDecodingFlags(flags);
    const hashes = flags.has("hash");
    return async () => {
      for await (const line of listLines(asked, { hashes })) {
        printLine(JSON.stringify(line));
      }
    };
  },
};

/** What {@linkcode listLines} computes beyond names and sizes. */
interface ListOptions {
  /** Whether to decode the images. */
  readonly hashes?: boolean;
  /** Threads to share. */
  readonly pool?: DecodePool;
}

/**
 * The lines of `deno task data list`, as values.
 *
 * @throws {Error} If the source cannot be read.
 */
export async function* listLines(
  asked: AskedImages,
  { hashes = false, pool }: ListOptions = {},
): AsyncGenerator<Record<string, unknown>> {
  const folder = await listSource(asked.data, asked);
  const unreadable = new Map<string, number[]>();
  for await (
    const image of hashes ? hashPixels(folder, { ...asked, pool }) : inspectFiles(folder, asked)
  ) {
    if ("reason" in image) noteUnreadable(unreadable, image);
    else {
      const { width, height } = image;
      const facts = "pixelHash" in image
        ? { sha256: image.pixelHash }
        : { format: image.format, bytes: image.bytes };
      yield { ...namesOf(folder, image.index), width, height, ...facts };
    }
  }
  for (const [reason, indices] of unreadable) {
    yield { left_out: indices.map((index) => folder.paths[index]), count: indices.length, reason };
  }
  for (const { examples, count, reason, kind } of folder.leftOut ?? []) {
    yield { [kind === "changed" ? "read_otherwise" : "left_out"]: examples, count, reason };
  }
}

function namesOf({ paths, classes, labels }: ImageFolder, index: number): Record<string, unknown> {
  const label = labels?.[index] ?? NO_LABEL;
  return {
    path: paths[index],
    label: label === NO_LABEL ? null : label,
    class: classes?.[label] ?? null,
  };
}

function noteUnreadable(found: Map<string, number[]>, { index, reason }: UnreadableImage): void {
  const same = found.get(reason);
  if (same === undefined) found.set(reason, [index]);
  else same.push(index);
}
