import { assertEquals } from "@std/assert";
import { resolveConfig } from "../../../src/config/resolve.ts";
import { planRun } from "../../../src/train/plan.ts";
import type { RunSizes } from "../../../src/train/run_sizes.ts";
import { planLines, sizeLines } from "../../../tasks/train/plan_lines.ts";

Deno.test("a dry run shows the settings, the length of the run, the batch and the schedules", () => {
  const config = resolveConfig({
    train: { batch_size_per_gpu: 64, accumulate: 16 },
    optim: { freeze_last_layer_epochs: 2 },
  });
  const lines = planLines(config, planRun(config));
  const end = lines.indexOf("");
  assertEquals(lines.slice(0, 3), ["student:", "  arch: vit_large", "  patch_size: 16"]);
  assertEquals(lines.slice(end - 1), [
    "  temperature: 0.07",
    "",
    "Iterations       125,000, 128,000,000 images in all",
    "Batch            1,024 images in a step, in 16 passes of 64",
    "Schedule         iteration   lr         last_layer_lr  wd      mom       teacher_temp",
    "  0 %            0           0.000e+0   0.000e+0       0.0400  0.992000  0.0400",
    "  1 %            1,250       4.000e-4   0.000e+0       0.0401  0.992002  0.0410",
    "  10 %           12,500      4.000e-3   4.000e-3       0.0488  0.992196  0.0500",
    "  50 %           62,500      2.348e-3   2.348e-3       0.2200  0.996000  0.0700",
    "  100 %          124,999     1.000e-6   1.000e-6       0.4000  1.000000  0.0700",
  ]);
  const alone = resolveConfig({ train: { batch_size_per_gpu: 1024 } });
  assertEquals(
    planLines(alone, planRun(alone))[end + 2],
    "Batch            1,024 images in a step",
  );
});

Deno.test("a dry run shows parameters, memory and FLOPs by their parts, largest units first", () => {
  const GB = 2 ** 30;
  const step = { student: 12.4e9, teacher: 3.21e9 } as unknown as RunSizes["flops"]["step"];
  const sizes: RunSizes = {
    parameters: { backbone: 1_234_567, dino_head: 1000 },
    teacherParameters: 0,
    memory: {
      weights: 1.5 * GB,
      activations: 0,
      optimizer: 0.25 * GB,
    } as unknown as RunSizes["memory"],
    flops: {
      forward: 0.987e9,
      step,
      stepWithoutDropping: { student: 2000e9, teacher: 9.99e9 } as never,
    },
  };
  assertEquals(sizeLines(sizes), [
    "Parameters       1,235,567 in the student, as many in the teacher",
    "  backbone       1,234,567",
    "  dino_head      1,000",
    "Memory           about 1.75 GB",
    "  weights        1.5 GB",
    "  optimizer      0.25 GB",
    "FLOPs an image   0.99 GFLOP forward through the backbone; in a training step",
    "                   with stochastic depth  without",
    "  student        12 GFLOP               2,000 GFLOP",
    "  teacher        3.2 GFLOP              10 GFLOP",
    "  total          16 GFLOP               2,010 GFLOP",
  ]);
  assertEquals(
    sizeLines({ ...sizes, teacherParameters: 2_000_000 })[0],
    "Parameters       1,235,567 in the student, as many in the EMA teacher, 2,000,000 in the frozen teacher",
  );
});
