import { clearCache } from "../../src/data/sources/cache.ts";
import { counted } from "../../src/files/quoted.ts";
import type { Command } from "../cli/command.ts";
import { Flags } from "../cli/flags.ts";
import { untilStopped } from "../cli/interruption.ts";
import { openSource } from "../cli/open_source.ts";
import { printLine } from "../cli/print.ts";
import { type AskedSource, readSourceFlags, sourceFlags, sourceHelp } from "./source_flags.ts";

/** `deno task data index`. */
export const indexCommand: Command = {
  summary: "list a source once and keep the list",
  help: `List a source, keep the list, and say how many images there are

  deno task data index --data SOURCE
  deno task data index --clear

Flags
${sourceHelp}
  --clear         remove all lists and unpacked shards that are kept
  --help          this text

Lists of folders of 50,000 files or more and of tar and zip files of 1 MiB or more are kept in DEINO_CACHE or
~/.cache/deino, with gzipped shards unpacked; every command uses them until the folder or file changes.
Above 100 GiB, unpacked shards that were not used for a week are removed`,
  prepare(args) {
    if (args.includes("--clear")) {
      new Flags(args, { switches: ["clear"] });
      return clear;
    }
    const asked = readSourceFlags(new Flags(args, sourceFlags));
    return () => index(asked);
  },
};

function clear(): void {
  printLine(`Freed ${(clearCache() / 2 ** 20).toFixed(1)} MiB`);
}

function index({ data, ...options }: AskedSource): Promise<number> {
  return untilStopped("Stopped; lists that were complete are kept", async (signal) => {
    const started = performance.now();
    const { paths, classes } = await openSource(data, { ...options, signal });
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    const of = classes === undefined ? "" : ` of ${counted(classes.length, "class", "classes")}`;
    printLine(`${counted(paths.length, "image")}${of}, listed in ${seconds} s`);
  });
}
