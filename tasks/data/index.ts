import type { Command } from "../cli/command.ts";
import { Flags } from "../cli/flags.ts";
import { openSource } from "../cli/open_source.ts";
import { stdout } from "../cli/terminal.ts";
import { readSourceFlags, sourceFlags, sourceHelp } from "./source_flags.ts";

/** `deno task data index`. */
export const indexCommand: Command = {
  summary: "list the names of a source once, and keep the list",
  help: `List the names of a source, and say how many there are

  deno task data index --data SOURCE

Flags
${sourceHelp}
  --help          this text

The list of a folder of 50,000 files or more is kept, and gzipped shards are unpacked, in DEINO_CACHE or
~/.cache/deino; every command takes them from there until the folder or the shard changes`,
  prepare(args) {
    const { data, ...options } = readSourceFlags(new Flags(args, sourceFlags));
    return async () => {
      const started = performance.now();
      const { paths, classes } = await openSource(data, options);
      const seconds = ((performance.now() - started) / 1000).toFixed(1);
      const of = classes === undefined ? "" : ` of ${classes.length} classes`;
      stdout.line(`${paths.length} images${of}, listed in ${seconds} s`);
    };
  },
};
