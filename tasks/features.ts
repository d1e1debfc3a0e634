/**
 * `deno task features --weights W --data DIR --output FILE`: computes features of images. Ends with status 0, 1 when that
 * failed, 2 when the command line was wrong.
 *
 * @module
 */
import { prepareFeatures } from "./features/arguments.ts";
import { featuresHelp } from "./features/help.ts";
import { asksForHelp, orExit } from "./cli/or_exit.ts";

if (Deno.args.some(asksForHelp)) {
  console.log(featuresHelp);
} else {
  const asked = await orExit(2, () => prepareFeatures(Deno.args));
  await orExit(1, async () => (await import("./features/run.ts")).runFeatures(asked));
}
