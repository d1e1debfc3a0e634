/**
 * `deno task pack [--output FILE]`: packs what a machine without network lacks into one file. Ends with status 1 when that
 * failed, 2 when the command line was wrong.
 *
 * @module
 */
import { notedLibraries } from "../src/install/decoder_libraries.ts";
import { thisMachine } from "../src/install/machine.ts";
import { Flags } from "./cli/flags.ts";
import { main } from "./cli/main.ts";
import { checkWritable } from "./cli/output_file.ts";
import { absolutePath, shownPath, typedPath } from "./cli/paths.ts";
import { printLine } from "./cli/print.ts";
import { stdout } from "./cli/terminal.ts";
import { fetchPackages } from "./pack/fetch_packages.ts";
import { writePack } from "./pack/write_pack.ts";

const help = `Pack Deno and packages for a machine without network

  deno task pack [--output FILE]

  --output FILE  the pack (default: deino-offline.sh)
  --help         this text

The pack holds Deno and the packages that Deino imports. Copy it to the machine with these
sources; there, \`sh deino-offline.sh task train\` in their folder unpacks it, builds the shim against
the libtorch found, and trains.`;

await main({
  summary: "Pack Deno and packages for a machine without network",
  help,
  prepare(args) {
    const flags = new Flags(args, { optional: ["output"] });
    const output = flags.optionalPath("output") ?? absolutePath("deino-offline.sh");
    return () => pack(output);
  },
});

async function pack(output: string): Promise<void> {
  checkWritable(output);
  const machine = thisMachine();
  const cache = await Deno.makeTempDir();
  try {
    const packages = await fetchPackages(cache, machine);
    stdout.line("Compressing, a minute or two");
    const decoders = notedLibraries(machine);
    const contents = { deno: Deno.execPath(), version: Deno.version.deno, packages, decoders };
    const bytes = await writePack(contents, output, machine);
    const size = `${(bytes / 1e6).toFixed(1)} MB`;
    printLine(`${shownPath(output)}: ${size}. Beside these sources on a machine without`);
    printLine(`network, run \`sh ${typedPath(output)} task train\`, or any other task`);
  } finally {
    await Deno.remove(cache, { recursive: true });
  }
}
