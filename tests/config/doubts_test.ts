import { assertEquals, assertStringIncludes } from "@std/assert";
import { doubtsAbout } from "../../src/config/doubts.ts";
import { presets } from "../../src/config/presets.ts";
import { resolveConfig } from "../../src/config/resolve.ts";
import type { Settings } from "../../src/config/schema.ts";

const about = (settings: Settings) => doubtsAbout(resolveConfig(settings));

Deno.test("no preset is doubted", () => {
  for (const { settings } of Object.values(presets)) assertEquals(about(settings), []);
});

Deno.test("a temperature that never reaches its end is told with one that does, unless it stays the same", () => {
  const run = (warmup: number, teacher_temp = 0.07) =>
    about({
      teacher: { warmup_teacher_temp_epochs: warmup, warmup_teacher_temp: 0.04, teacher_temp },
      optim: { epochs: 12, warmup_epochs: 1 },
    });
  assertEquals([run(12), run(50, 0.04)], [[], []]);
  const [doubt] = run(12.1);
  assertStringIncludes(doubt, "after 12 epochs: it never reaches teacher.teacher_temp=0.07");
  assertStringIncludes(doubt, "teacher.warmup_teacher_temp_epochs=3.6");
});

Deno.test("a teacher's momentum that falls is told", () => {
  const run = (momentum_teacher: number, final_momentum_teacher: number) =>
    about({ teacher: { momentum_teacher, final_momentum_teacher } });
  assertEquals([run(0.99, 0.99), run(0.99, 1)], [[], []]);
  assertStringIncludes(run(0.999, 0.998).join(), "teacher.momentum_teacher=0.999 to teacher.final");
});

Deno.test("a run folder that is a folder of images or lies in one is told with that folder", () => {
  const run = (output_dir: string, settings: Settings = { train: { dataset_path: "/d/images" } }) =>
    about({ ...settings, train: { ...settings.train, output_dir } });
  for (const outside of ["", "/d/runs/a", "/d/images2", "/d"]) assertEquals(run(outside), []);
  assertEquals(run("/d/images/..a").length, 1);
  assertStringIncludes(run("/d/images").join(), "train.output_dir=/d/images lies among the images");
  const sources = [{ path: "/d/images" }, { path: "/e" }];
  for (
    const settings of [
      { data: { sources } },
      { evaluation: { train_dataset_path: "/e", val_dataset_path: "/f" } },
      { evaluation: { train_dataset_path: "/f", val_dataset_path: "/e" } },
    ]
  ) assertStringIncludes(run("/e/runs/a", settings).join(), "lies among the images in /e:");
});
