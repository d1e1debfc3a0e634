import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { Progress } from "../../../src/train/events.ts";
import { progressBar, progressLine } from "../../../tasks/train/progress.ts";

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
  assertEquals(
    progressBar(progress, 120),
    "██████░░░░░░░░░░░░░░░░░░ 50/200  eta 1m 15s  loss 5.250  lr 1.2e-3  128 images/s  data wait 10%  1.5 GB",
  );
  assert(progressBar(progress, 40).length < 40);
});

Deno.test("the bar has 8 to 24 cells, what a line of 90 columns leaves", () => {
  const cells = (columns: number) => progressBar(progress, columns).match(/[█░]/g)!.length;
  assertEquals([91, 98, 99, 113, 114, 200].map(cells), [8, 8, 9, 23, 24, 24]);
  assertEquals(progressBar(progress, 40).length, 39);
});

Deno.test("rates below 10 have a digit behind the point, and a step without a time waits for nothing", () => {
  const rate = (imagesPerSecond: number) =>
    / (\S+) images\/s/.exec(progressLine({ ...progress, imagesPerSecond }))![1];
  assertEquals([9.94, 9.96, 10, 10.5, 0].map(rate), ["9.9", "10.0", "10", "11", "0.0"]);
  const metrics = { ...progress.metrics, iter_time: 0, data_time: 0 };
  assertStringIncludes(progressLine({ ...progress, metrics }), "eta 0s");
  assertStringIncludes(progressLine({ ...progress, metrics }), "data wait 0%");
});
