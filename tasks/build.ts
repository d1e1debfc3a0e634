/**
 * `deno task build [--strict]`: finds libtorch or fetches it, and builds the native libraries. Silent when
 * there is nothing to do. With `--strict`, warnings of the compiler are errors.
 *
 * @module
 */
import { parseArgs } from "@std/cli/parse-args";
import { install } from "../src/install/install.ts";
import { thisMachine } from "../src/install/machine.ts";
import { nativeLibraries } from "../src/install/native_library.ts";

try {
  const { strict } = parseArgs(Deno.args, { boolean: ["strict"] });
  await install(nativeLibraries, thisMachine((line) => console.error(line)), { strict });
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  Deno.exit(1);
}
