/**
 * `deno task build [--strict]`: finds libtorch or fetches it, and builds the native libraries. Silent when there is nothing
 * to do. Other tasks build what they need by themselves.
 *
 * @module
 */
import { install } from "../src/install/install.ts";
import { thisMachine } from "../src/install/machine.ts";
import { nativeLibraries } from "../src/install/native_library.ts";
import { Flags } from "./cli/flags.ts";
import { main } from "./cli/main.ts";
import { stderr } from "./cli/terminal.ts";

const help = `Find or fetch libtorch and build the native libraries

  deno task build [--strict]

  --strict  recompile, with warnings as errors
  --help    this text

libtorch is the folder in LIBTORCH, else the torch of the Python on PATH, else what was fetched into
native/libtorch. Silent if there is nothing to do; the other tasks build what they need`;

await main({
  summary: "Find or fetch libtorch and build the native libraries",
  help,
  prepare(args) {
    const strict = new Flags(args, { switches: ["strict"] }).has("strict");
    return () => install(nativeLibraries, thisMachine((line) => stderr.line(line)), { strict });
  },
});
