import { stringify } from "@std/yaml";
import type { Config } from "../../src/config/schema.ts";
import type { Plan } from "../../src/train/plan.ts";

/** What `--dry-run` prints: the configuration, and what a run with it would do. */
export function planLines(config: Config, plan: Plan): string[] {
  const { parameters, memory, schedule } = plan;
  const student = Object.values(parameters).reduce((sum, count) => sum + count, 0);
  return [
    stringify(config as unknown as Record<string, unknown>).trimEnd(),
    "",
    `Iterations       ${whole(plan.iterations)}, ${whole(plan.imagesSeen)} images in all`,
    `Parameters       ${whole(student)} in the student, as many in the teacher`,
    ...Object.entries(parameters).map(([name, count]) => `  ${name.padEnd(14)} ${whole(count)}`),
    `Memory           about ${gigabytes(total(memory))} and what libtorch and the images take`,
    ...Object.entries(memory).map(([name, bytes]) => `  ${name.padEnd(14)} ${gigabytes(bytes)}`),
    "Schedule         iteration   lr         last_layer_lr  wd      mom       teacher_temp",
    ...schedule.map(({ percent, iteration, lr, last_layer_lr, wd, mom, teacher_temp }) =>
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

function total(parts: object): number {
  return Object.values(parts).reduce((sum: number, bytes: number) => sum + bytes, 0);
}

function whole(count: number): string {
  return count.toLocaleString("en-US");
}

function gigabytes(bytes: number): string {
  return `${(bytes / 2 ** 30).toFixed(2)} GB`;
}
