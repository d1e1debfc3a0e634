import { stringify } from "@std/yaml";
import type { Config } from "../../src/config/schema.ts";
import { gigabytes, totalMemory } from "../../src/train/memory_estimate.ts";
import type { Plan } from "../../src/train/plan.ts";
import type { RunFlops, RunSizes } from "../../src/train/run_sizes.ts";

/** What `--dry-run` prints of the settings alone: the configuration, and what a run with it would do. */
export function planLines(config: Config, plan: Plan): string[] {
  return [
    ...stringify(config as unknown as Record<string, unknown>).trimEnd().split("\n"),
    "",
    `Iterations       ${whole(plan.iterations)}, ${whole(plan.imagesSeen)} images in all`,
    `Batch            ${batchText(config, plan)}`,
    "Schedule         iteration   lr         last_layer_lr  wd      mom       teacher_temp",
    ...plan.schedule.map(({ percent, iteration, lr, last_layer_lr, wd, mom, teacher_temp }) =>
      [
        `  ${`${percent} %`.padEnd(14)}`,
        whole(iteration).padEnd(11),
        lr.toExponential(3).padEnd(10),
        last_layer_lr.toExponential(3).padEnd(14),
        wd.toFixed(4).padEnd(7),
        mom.toFixed(6).padEnd(9),
        teacher_temp.toFixed(4),
      ].join(" ")
    ),
  ];
}

/** What `--dry-run` prints of the networks. */
export function sizeLines({ parameters, teacherParameters, memory, flops }: RunSizes): string[] {
  const student = Object.values(parameters).reduce((sum, count) => sum + count, 0);
  return [
    `Parameters       ${whole(student)} in the student, as many in ${
      teacherParameters === 0
        ? "the teacher"
        : `the EMA teacher, ${whole(teacherParameters)} in the frozen teacher`
    }`,
    ...Object.entries(parameters).map(([name, count]) => `  ${name.padEnd(14)} ${whole(count)}`),
    `Memory           about ${gigabytes(totalMemory(memory))}`,
    ...Object.entries(memory).filter(([, bytes]) => bytes > 0).map(([name, bytes]) =>
      `  ${name.padEnd(14)} ${gigabytes(bytes)}`
    ),
    `FLOPs an image   ${gigaFlops(flops.forward)} forward through the backbone; in a training step`,
    "                   with stochastic depth  without",
    ...flopsLines(flops),
  ];
}

function flopsLines({ step, stepWithoutDropping }: RunFlops): string[] {
  const parts = Object.keys(step) as (keyof typeof step)[];
  return [
    ...parts.map((part) => [part, step[part], stepWithoutDropping[part]] as const),
    ["total", total(step), total(stepWithoutDropping)] as const,
  ].map(([name, dropping, undropped]) =>
    `  ${name.padEnd(14)} ${gigaFlops(dropping).padEnd(22)} ${gigaFlops(undropped)}`
  );
}

function batchText({ train }: Config, { effectiveBatch }: Plan): string {
  const step = `${whole(effectiveBatch)} images in a step`;
  return train.accumulate === 1
    ? step
    : `${step}, in ${train.accumulate} passes of ${train.batch_size_per_gpu}`;
}

function total(parts: object): number {
  return Object.values(parts).reduce((sum: number, bytes: number) => sum + bytes, 0);
}

function whole(count: number): string {
  return count.toLocaleString("en-US");
}

function gigaFlops(count: number): string {
  const giga = count / 1e9;
  return `${giga < 10 ? giga.toPrecision(2) : whole(Math.round(giga))} GFLOP`;
}
