import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { Progress } from "../../src/train/events.ts";
import { progressBar, progressLine } from "../../tasks/train/progress.ts";

const progress: Progress = {
  done: 50,
  total: 200,
  metrics: {
    iteration: 49,
    iter_time: 0.5,
    data_time: 0.05,
    lr: 0.0012,
    dino_local_crops_loss: 4.5,
    koleo_loss: 0,
    total_loss: 5.25,
  },
  imagesPerSecond: 128,
  peakMemory: 1.5 * 2 ** 30,
};

Deno.test("a progress line holds time left, losses, rate, speed, data wait and memory", () => {
  assertEquals(
    progressLine(progress),
    " 50/200  eta 1m 15s  loss 5.2500  dino_local_crops 4.5000  lr 1.20e-3  128 images/s  " +
      "data wait 10%  memory 1.5 GB",
  );
});

Deno.test("a progress bar fills with the run and fits the terminal", () => {
  assertStringIncludes(progressBar(progress, 120), "██████░░░░░░░░░░░░░░░░░░ 50/200  eta 1m 15s");
  assert(progressBar(progress, 40).length < 40);
});
