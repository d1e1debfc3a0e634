/**
 * `deno task export --weights W --format F --output PATH`: writes a backbone for other programs. Ends with status 0, 1
 * when the export failed, 2 when the command line was wrong.
 *
 * @module
 */
import { prepareExport } from "./export/arguments.ts";
import { exportHelp } from "./export/help.ts";
import { asksForHelp, orExit } from "./cli/or_exit.ts";

if (Deno.args.some(asksForHelp)) {
  console.log(exportHelp);
} else {
  const asked = await orExit(2, () => prepareExport(Deno.args));
  // Loads the native library: not before the command line is known to be right.
  await orExit(1, async () => (await import("./export/run.ts")).runExport(asked));
}
