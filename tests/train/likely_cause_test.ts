import { assertEquals } from "@std/assert";
import { resolveConfig } from "../../src/config/resolve.ts";
import type { Settings } from "../../src/config/schema.ts";
import type { Condition } from "../../src/train/condition.ts";
import { likelyCause } from "../../src/train/likely_cause.ts";

const [point, uniform] = ["collapsing to one point", "collapsing to uniform"] as const;

/** The setting at fault, with its value, in a run at a teacher temperature. */
function fault(condition: Condition, teacher_temp: number, ...settings: Settings[]): string {
  const line = { iteration: 200, iter_time: 1, data_time: 0, teacher_temp };
  const { setting, value, remedy } = likelyCause(resolveConfig(...settings), condition, line);
  remedies.push(remedy.split(" ").slice(0, 4).join(" "));
  return `${setting}=${value}`;
}

/** How each remedy that was given begins. */
const remedies: string[] = [];

Deno.test("a run that diverges, or learns faster than at 0.01, learns too fast", () => {
  assertEquals(fault("diverging", 0.05), "optim.base_lr=0.004");
  const peak = (lr: number) => ({ optim: { base_lr: lr }, train: { batch_size_per_gpu: 1024 } });
  assertEquals(fault(point, 0.05, peak(0.0101)), "optim.base_lr=0.0101");
  assertEquals(fault(point, 0.05, peak(0.01)), "train.centering=centering");
});

Deno.test("targets at the student's temperature of 0.1 or above are too flat, below 0.02 too sharp", () => {
  const hot: Settings = { teacher: { teacher_temp: 0.3, warmup_teacher_temp: 0.04 } };
  assertEquals(fault(uniform, 0.1, hot), "teacher.teacher_temp=0.3");
  assertEquals(remedies.at(-1), "targets must be sharper");
  assertEquals(fault(point, 0.0999, hot), "train.centering=centering");
  const cold: Settings = { teacher: { teacher_temp: 0.07, warmup_teacher_temp: 0.01 } };
  assertEquals(fault(point, 0.0199, cold), "teacher.warmup_teacher_temp=0.01");
  assertEquals(fault(point, 0.02, cold), "train.centering=centering");
  assertEquals(fault(uniform, 0.0199, cold), "train.centering=centering");
});

Deno.test("a teacher of a momentum below 0.9 follows too closely", () => {
  const momentum = (momentum_teacher: number) => ({ teacher: { momentum_teacher } });
  assertEquals(fault(point, 0.05, momentum(0.89)), "teacher.momentum_teacher=0.89");
  assertEquals(fault(point, 0.05, momentum(0.9)), "train.centering=centering");
});

Deno.test("uniform targets come of prototypes that learn at once, then of a temperature above 0.04", () => {
  const unfrozen: Settings = { optim: { freeze_last_layer_epochs: 0 } };
  assertEquals(fault(uniform, 0.05, unfrozen), "optim.freeze_last_layer_epochs=0");
  assertEquals(fault(point, 0.05, unfrozen), "train.centering=centering");
  assertEquals(fault(uniform, 0.041), "teacher.teacher_temp=0.07");
  assertEquals(fault(uniform, 0.04), "train.centering=centering");
  const sinkhorn: Settings = { train: { centering: "sinkhorn_knopp" } };
  assertEquals(fault(point, 0.05, sinkhorn), "optim.base_lr=0.004");
});
