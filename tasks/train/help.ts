import { describeAllowed } from "../../src/config/check.ts";
import { configKeys } from "../../src/config/find_key.ts";
import { presets } from "../../src/config/presets.ts";

const USAGE = `Train a vision transformer by self-distillation

  deno task train                                   the built-in dataset, a few minutes
  deno task train --data DIR                        any folder of images, no labels needed
  deno task train --data DIR --preset vits14 --output-dir runs/a optim.epochs=20
  deno task train --output-dir runs/a --resume      resume a run

Flags
  --data SOURCE       images: a folder, a list, shards or another source that deno task data list --help
                      names; may be given several times; with train/ and val/ in it, k-NN is
                      evaluated on val/
  --preset NAME       a preset from the list below
  --config FILE       settings in YAML or JSON, under the reference implementation's names
  --output-dir DIR    run folder; default runs/<date-time>
  --device NAME       cpu, cuda, cuda:N or auto (default)
  --seed NUMBER       random seed; default 0
  --resume            resume the run in --output-dir from its last checkpoint
  --dry-run           print the configuration, sizes, schedules, memory and FLOPs without training
  --profile N         record N steps after the first three: a trace, and where their time went
  --detect-anomaly    name the first module, loss, gradient or weight that is not finite
  --help              this text
  key=value           any setting below; takes precedence over --config, and that over --preset

Without --preset and --config: first_light without --data; cifar10 for images of at most 48 pixels;
else vits14`;

/** What `--help` prints. */
export function helpText(): string {
  const recipes = Object.entries(presets)
    .map(([name, { summary }]) => `  ${name.padEnd(14)}  ${summary}`);
  const settings = [...configKeys].map(([path, key]) => {
    const value = JSON.stringify(key.default);
    const allowed = key.kind === "text" || key.kind === "boolean"
      ? ""
      : `; ${describeAllowed(key)}`;
    return `  ${`${path}=${value}`.padEnd(44)}  ${key.doc}${allowed}`;
  });
  return [USAGE, "", "Presets", ...recipes, "", "Settings with their defaults", ...settings]
    .join("\n");
}
