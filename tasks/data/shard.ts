import type { Command } from "../cli/command.ts";
import { counted } from "../../src/files/quoted.ts";
import { Flags } from "../cli/flags.ts";
import { untilStopped } from "../cli/interruption.ts";
import { openSource } from "../cli/open_source.ts";
import { shownPath } from "../cli/paths.ts";
import { withProgress } from "../cli/progress.ts";
import { printLine } from "../cli/print.ts";
import { stderr } from "../cli/terminal.ts";
import { decodingFlags, readDecodingFlags, sourceHelp } from "./source_flags.ts";

/** `deno task data shard`. */
export const shardCommand: Command = {
  summary: "copy images into tar shards, and verify them",
  help: `Copy the images of a source into tar shards as webdataset reads them

  deno task data shard --data SOURCE --output DIR

Flags
${sourceHelp}
  --output DIR    an empty or missing folder for 00000.tar, 00001.tar, …
  --per-shard N   images in a shard; default 10000
  --resize SIDE   resize images whose shorter side has more pixels to SIDE, by Pillow's bicubic: JPEG
                  to JPEG of quality 95, others to PNG; default: all files keep their bytes
  --num-workers N threads that resize images of 3 channels; default one for each core, at most 10
  --help          this text

N.cls holds the class number, N.json path and class: --label json.class reads the names back. Beside
each shard, 00000.idx lists where its members begin, as NVIDIA's DALI reads it. Everything is read back
and compared. Status 1 means that an image could not be read`,
  prepare(args) {
    const flags = new Flags(args, {
      ...decodingFlags,
      required: [...decodingFlags.required, "output"],
      optional: [...decodingFlags.optional, "per-shard", "resize"],
    });
    const asked = {
      ...readDecodingFlags(flags),
      imagesPerShard: flags.count("per-shard"),
      shortSide: flags.count("resize"),
    };
    const output = flags.path("output");
    return () =>
      untilStopped("Stopped; no shard was kept", async (signal) => {
        const { shardImages } = await import("../../src/data/shard_images.ts"); // with all codecs
        const folder = await openSource(asked.data, { ...asked, signal });
        const { shards, images, skipped } = await withProgress("shard", "images", (show) => {
          const onProgress = (done: number) => show(done, folder.paths.length);
          return shardImages(folder, output, { ...asked, signal, onProgress });
        });
        for (const { path, reason } of skipped) stderr.line(`Skipped ${path}: ${reason}`);
        printLine(
          `Copied ${counted(images, "image")} into ${counted(shards.length, "shard")} in ${
            shownPath(output)
          }, read back and identical`,
        );
        return skipped.length === 0 ? 0 : 1;
      });
  },
};
