import { channelStatistics } from "../../src/data/statistics.ts";
import type { Command } from "../cli/command.ts";
import { Flags } from "../cli/flags.ts";
import { openSource } from "../cli/open_source.ts";
import { printLine } from "../cli/print.ts";
import { decodingFlags, decodingHelp, readDecodingFlags } from "./source_flags.ts";

/** `deno task data stats`. */
export const statsCommand: Command = {
  summary: "mean and standard deviation of each channel",
  help: `Mean and standard deviation of each channel of a source's images, scaled to 0 to 1

  deno task data stats --data SOURCE

Flags
${decodingHelp}
  --help          this text

Above 5,000 images, 5,000 evenly spaced ones are read. The last line holds settings for training`,
  prepare(args) {
    const asked = readDecodingFlags(new Flags(args, decodingFlags));
    return async () => {
      const folder = await openSource(asked.data, asked);
      const { mean, std } = await channelStatistics(folder, asked);
      const list = (numbers: readonly number[]) =>
        numbers.map((number) => number.toFixed(4)).join(",");
      printLine(`data.mean=[${list(mean)}] data.std=[${list(std)}]`);
    };
  },
};
