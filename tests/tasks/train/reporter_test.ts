import { assertEquals, assertStringIncludes } from "@std/assert";
import { resolveConfig } from "../../../src/config/resolve.ts";
import type { Evaluation } from "../../../src/train/evaluation.ts";
import type { TrainEvent } from "../../../src/train/events.ts";
import type { RunHealth } from "../../../src/train/run_health.ts";
import { Terminal } from "../../../tasks/cli/terminal.ts";
import { Reporter } from "../../../tasks/train/reporter.ts";
import { summaryLines } from "../../../tasks/train/summary.ts";

const progress: TrainEvent = {
  kind: "progress",
  progress: {
    done: 10,
    total: 20,
    metrics: { iteration: 9, iter_time: 1, data_time: 0, lr: 0.1, total_loss: 3 },
    imagesPerSecond: 5,
    peakMemory: 0,
  },
};

function shown(events: TrainEvent[], columns?: number): string {
  let text = "";
  const writeSync = (bytes: Uint8Array) => {
    text += new TextDecoder().decode(bytes);
    return bytes.length;
  };
  const reporter = new Reporter(new Terminal({ writeSync, columns: () => columns }));
  for (const event of events) reporter.show(event);
  return text;
}

Deno.test("off a terminal every event is a plain line", () => {
  const text = shown([progress, { kind: "note", text: "One file was skipped" }]);
  assertEquals(text.split("\n").length, 3);
  assertEquals(text.includes("\x1b"), false);
  assertStringIncludes(text, "10/20  eta 10s  loss 3.0000");
});

Deno.test("an evaluation is a line of its features, with top-5 where there are five classes", () => {
  const evaluation: Evaluation = { features: "teacher", iterations: 7, k: 20, top1: 12.34 };
  assertEquals(
    shown([
      { kind: "evaluation", evaluation },
      { kind: "evaluation", evaluation: { ...evaluation, features: "raw pixels", top5: 50.06 } },
    ]),
    "k-NN (k=20) of the teacher after 7 iterations: top-1 12.3 %\n" +
      "k-NN (k=20) of the raw pixels: top-1 12.3 %, top-5 50.1 %\n",
  );
});

Deno.test("while names are listed a terminal shows how many, other outputs show nothing", () => {
  const listing: TrainEvent[] = [10_000, 20_000].map((names) => ({ kind: "listing", names }));
  assertEquals(shown(listing), "");
  assertStringIncludes(shown(listing, 100), "list 20000 names");
});

Deno.test("on a terminal the bar gives way to a line and comes back", () => {
  const text = shown([progress, { kind: "note", text: "One file was skipped" }, progress], 100);
  assertEquals(text.split("\r\x1b[2K").map((part) => part.endsWith("\n")), [
    false,
    false,
    true,
    false,
  ]);
});

Deno.test("the start tells what is trained on what, and where it goes on", () => {
  const start: TrainEvent = {
    kind: "start",
    config: resolveConfig({ train: { accumulate: 2 } }),
    device: "cpu",
    folder: "/runs/a",
    images: 100,
    done: 30,
    total: 125000,
  };
  assertEquals(
    shown([start]),
    "Training vit_large with patches of 16 on 100 images: 125000 iterations of 128, resuming after 30, " +
      "on cpu, in /runs/a\n",
  );
});

const uniform: RunHealth = {
  condition: "collapsing to uniform",
  because: "targets distinguish about 1.1 clusters of images",
  cause: { setting: "teacher.teacher_temp", value: 0.2, remedy: "lower it" },
};

Deno.test("the health of a run names the condition, what it rests on, and the setting at fault", () => {
  assertEquals(
    shown([{ kind: "health", health: uniform, iteration: 120 }]),
    "Iteration 120: collapsing to uniform, targets distinguish about 1.1 clusters of images. " +
      "Likely cause: teacher.teacher_temp=0.2; lower it\n",
  );
});

const health: RunHealth = {
  condition: "healthy",
  because: "targets distinguish about 3.4 clusters of images",
};

const evaluations: Evaluation[] = [
  { features: "raw pixels", iterations: 0, k: 20, top1: 11.2, top5: 50 },
  { features: "untrained network", iterations: 0, k: 20, top1: 13, top5: 52 },
  { features: "teacher", iterations: 20, k: 20, top1: 40.5, top5: 80 },
];

Deno.test("the summary sets the teacher against raw pixels and the untrained network", () => {
  const evaluatedOn = { train: "/images/train", val: "/images/val" };
  const ended = { folder: "/runs/a", done: 20, total: 20, health, evaluations, evaluatedOn };
  const lines = summaryLines({ ...ended, doneBefore: 0 }, 65);
  assertEquals(lines, [
    "",
    "Trained for 20 iterations in 1m 5s",
    "Run health: healthy, targets distinguish about 3.4 clusters of images",
    "k-NN accuracy of the features (k=20)",
    "  the raw pixels                    11.2 %",
    "  the untrained network             13.0 %",
    "  the teacher after 20 iterations   40.5 %",
    "Run folder: /runs/a",
    "Next",
    "  deno task eval knn --weights /runs/a --train /images/train --val /images/val",
    "  deno task train --data DIR --output-dir runs/mine    # your own images, no labels needed",
  ]);
});

Deno.test("the summary of a stopped run says how to resume", () => {
  const lines = summaryLines(
    { folder: "/my runs/a", done: 5, doneBefore: 0, total: 20, health, evaluations: [] },
    65,
  );
  assertEquals(lines, [
    "Stopped after 5 of 20 iterations and saved. Resume with",
    "  deno task train --output-dir '/my runs/a' --resume",
  ]);
});

Deno.test("the summary of a resumed run tells what its time was spent on", () => {
  const ended = { folder: "/runs/a", done: 20, total: 20, health, evaluations: [] };
  const [, resumed] = summaryLines({ ...ended, doneBefore: 14 }, 65);
  assertEquals(resumed, "Trained for 20 iterations, the last 6 in 1m 5s");
  const [, idle] = summaryLines({ ...ended, doneBefore: 20 }, 1);
  assertEquals(idle, "Trained for 20 iterations before; nothing was left to do");
});
