/**
 * `deno task build [--strict]`: finds libtorch or fetches it, and builds the native shim. Silent when
 * there is nothing to do. With `--strict`, warnings of the compiler are errors.
 *
 * @module
 */
import { parseArgs } from "@std/cli/parse-args";
import { buildShim, isShimCurrent } from "../src/install/build_shim.ts";
import { fetchLibtorch } from "../src/install/fetch_libtorch.ts";
import { findLibtorch } from "../src/install/find_libtorch.ts";
import { thisMachine } from "../src/install/machine.ts";

async function main(args: string[]): Promise<void> {
  const { strict } = parseArgs(args, { boolean: ["strict"] });
  const machine = thisMachine((line) => console.error(line));
  const { found, passedOver } = await findLibtorch(machine);
  if (found !== undefined && !strict && await isShimCurrent(found, machine)) return;
  passedOver.forEach(machine.report);
  if (found !== undefined) {
    machine.report(`Found libtorch ${found.version}: ${found.root} (${found.origin})`);
  }
  await buildShim(found ?? await fetchLibtorch(machine), machine, { strict });
}

try {
  await main(Deno.args);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  Deno.exit(1);
}
