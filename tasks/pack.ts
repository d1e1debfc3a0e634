/**
 * `deno task pack [--output FILE]`: packs what a machine without network lacks into one file. Ends with status 1 when that
 * failed, 2 when the command line was wrong.
 *
 * @module
 */
import { thisMachine } from "../src/install/machine.ts";
import { Flags } from "./cli/flags.ts";
import { fetchPackages } from "./pack/fetch_packages.ts";
import { writePack } from "./pack/write_pack.ts";

const help = `Pack what a machine without network lacks

  deno task pack [--output FILE]

  --output FILE  the pack (default: deino-offline.sh)
  --help         this text

The pack holds Deno and the packages that Deino imports. Copy it to the machine with these sources; there,
\`sh deino-offline.sh task train\` in their folder unpacks it, builds the shim against the libtorch found, and trains.`;

async function main(args: readonly string[]): Promise<number> {
  const flags = new Flags(args, { required: [], optional: ["output"], switches: ["help"] });
  if (flags.has("help")) {
    console.log(help);
    return 0;
  }
  const output = flags.optional("output") ?? "deino-offline.sh";
  const machine = thisMachine();
  const cache = await Deno.makeTempDir();
  try {
    const packages = await fetchPackages(cache, machine);
    console.log("Compressing, a minute or two");
    const contents = { deno: Deno.execPath(), version: Deno.version.deno, packages };
    const bytes = await writePack(contents, output, machine);
    console.log(
      `${output}: ${(bytes / 1e6).toFixed(1)} MB. Beside these sources on a machine without`,
    );
    console.log(`network, run \`sh ${output} task train\`, or any other task`);
    return 0;
  } finally {
    await Deno.remove(cache, { recursive: true });
  }
}

try {
  Deno.exit(await main(Deno.args));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  Deno.exit(error instanceof TypeError ? 2 : 1);
}
