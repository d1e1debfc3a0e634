/** Whether training learns on this device, and how soon: the built-in dataset, evaluated by nearest neighbours on the way. */
import { join } from "@std/path";
import { presets } from "../../src/config/presets.ts";
import { resolveConfig } from "../../src/config/resolve.ts";
import type { Settings } from "../../src/config/schema.ts";
import type { Evaluation } from "../../src/train/evaluation.ts";
import { train } from "../../src/train/loop.ts";
import type { BenchOptions, BenchResult } from "./result.ts";

const TINY: Settings = {
  train: { OFFICIAL_EPOCH_LENGTH: 2 },
  optim: { epochs: 1, warmup_epochs: 0 },
};

/** Accuracy in per cent over iterations, and the time since the beginning. */
export async function* bench({ device, isTiny }: BenchOptions): AsyncGenerator<BenchResult> {
  const folder = await Deno.makeTempDir(), began = performance.now();
  const config = resolveConfig(presets.first_light.settings, isTiny ? TINY : {}, {
    train: { device, output_dir: join(folder, "run") },
  });
  const evaluations = new ReadableStream<Evaluation>({
    async start(controller) {
      try {
        await train(config, {
          onEvent: (event) => event.kind === "evaluation" && controller.enqueue(event.evaluation),
        });
        controller.close();
      } catch (error) {
        controller.error(error);
      }
    },
  });
  try {
    for await (const { features, iterations, k, top1 } of evaluations) {
      const seconds = ((performance.now() - began) / 1000).toFixed(0);
      yield {
        name: `${k}-NN of the ${features} after ${iterations} steps`,
        value: top1,
        unit: "%",
        note: `preset first_light, ${seconds} s since the beginning`,
      };
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
