import {
  assert,
  assertEquals,
  assertMatch,
  assertNotEquals,
  assertStringIncludes,
} from "@std/assert";
import { join } from "@std/path";
import { makeBuiltinDataset } from "../../src/data/builtin/builtin.ts";
import { inTempFolder } from "../temp_folder.ts";
import { send } from "./send.ts";
import { runTrain, tiny } from "./train/train_process.ts";

/** The lines of a run's metrics, without times. */
async function losses(folder: string): Promise<Record<string, number>[]> {
  const text = await Deno.readTextFile(join(folder, "training_metrics.json"));
  return text.trimEnd().split("\n").map((line) => {
    const { iter_time: _iter, data_time: _data, ...rest } = JSON.parse(line);
    return rest;
  });
}

async function withData(body: (folder: string, data: string) => Promise<void>): Promise<void> {
  await inTempFolder(async (folder) => {
    const data = join(folder, "data");
    await makeBuiltinDataset(data, { trainPerClass: 3, valPerClass: 1, size: 40 });
    await body(folder, join(data, "train"));
  });
}

Deno.test("after a kill and a resume the losses are those of an unbroken run, bit for bit", () =>
  withData(async (folder, data) => {
    const unbroken = join(folder, "unbroken"), killed = join(folder, "killed");
    const whole = await runTrain([...tiny, `--data=${data}`, `--output-dir=${unbroken}`]);
    assertEquals(whole.status, 0, whole.stderr);
    const cut = await runTrain([...tiny, `--data=${data}`, `--output-dir=${killed}`], {
      at: { text: "21/60", command: send("SIGKILL") },
    });
    assertEquals(cut.signal, "SIGKILL");
    assertNotEquals((await losses(killed)).at(-1)?.iteration, 59);
    const resumed = await runTrain([`--output-dir=${killed}`, "--resume"]);
    assertEquals(resumed.status, 0, resumed.stderr);
    const from = Number(/resuming after (\d+)/.exec(resumed.stdout)?.[1]);
    assertEquals([from >= 14, from % 7], [true, 0], `resumed after ${from}`);
    assertEquals(await losses(killed), await losses(unbroken));
    const logged = (await losses(killed)).map(({ iteration }) => iteration);
    assertEquals(logged, [...Array.from({ length: 6 }, (_, i) => 10 * i), 59]);
  }));

const refused: [args: string[], message: string][] = [
  [["--presets"], "did you mean --preset?"],
  [["optim.epoch=3"], "did you mean optim.epochs?"],
  [["optim.base_lr=-1"], "a number in [0, 100]"],
  [["--resume"], "--output-dir"],
];
for (const [args, message] of refused) {
  Deno.test(`${args.join(" ")} ends with status 2 and one line`, async () => {
    const { status, stdout, stderr } = await runTrain(args);
    assertEquals([status, stdout], [2, ""]);
    assertEquals(stderr.trimEnd().split("\n").length, 1);
    assertStringIncludes(stderr, message);
  });
}

Deno.test("a run that cannot be written ends with status 1 and one line", () =>
  withData(async (folder, data) => {
    await Deno.writeTextFile(join(folder, "file"), "");
    const args = [...tiny, `--data=${data}`, `--output-dir=${join(folder, "file", "run")}`];
    const { status, stderr } = await runTrain(args);
    assertEquals(status, 1);
    assertEquals(stderr.trimEnd().split("\n").length, 1);
    assertStringIncludes(stderr, join(folder, "file", "run"));
  }));

Deno.test("a full disk ends the run in one line, and it goes on from its last checkpoint", () =>
  withData(async (folder, data) => {
    const run = join(folder, "run");
    const begun = await runTrain([...tiny, `--data=${data}`, `--output-dir=${run}`], {
      at: { text: "11/60", command: send("SIGINT") },
    });
    assertEquals(begun.status, 130, begun.stderr);
    const full = await runTrain([`--output-dir=${run}`, "--resume"], { fileLimit: 100_000 });
    assertEquals(full.status, 1, full.stderr);
    assertEquals(full.stderr.trimEnd().split("\n").length, 1);
    assertStringIncludes(full.stderr, "which is unchanged: File too large");
    const resumed = await runTrain([`--output-dir=${run}`, "--resume"]);
    assertEquals(resumed.status, 0, resumed.stderr);
    const done = /Stopped after (\d+) of 60/.exec(begun.stdout)?.[1];
    assertStringIncludes(resumed.stdout, `resuming after ${done}`);
  }));

Deno.test("a folder that holds a run is not overwritten", () =>
  withData(async (folder, data) => {
    const args = [
      ...tiny,
      `--data=${data}`,
      `--output-dir=${join(folder, "run")}`,
      "optim.epochs=2",
    ];
    assertEquals((await runTrain(args)).status, 0);
    const again = await runTrain(args);
    assertEquals(again.status, 1);
    assertStringIncludes(again.stderr, "--resume");
  }));

Deno.test("--detect-anomaly names what is not finite first, and without it the flag is named", () =>
  withData(async (folder, data) => {
    const messages = [];
    for (const flags of [["--detect-anomaly"], []]) {
      const own = [
        `--data=${data}`,
        `--output-dir=${join(folder, `run${flags.length}`)}`,
        ...flags,
      ];
      const { status, stderr } = await runTrain([...tiny, ...own, "data.std=[1e-38,1e-38,1e-38]"]);
      assertEquals(status, 1);
      messages.push(stderr);
    }
    assertMatch(
      messages[0],
      /at iteration 0 the first values that are not finite are the .* of teacher\./,
    );
    assertStringIncludes(messages[1], "--detect-anomaly names where it comes from");
  }));

Deno.test("--profile leaves a trace of so many steps in the run's folder, and says where", () =>
  withData(async (folder, data) => {
    const run = join(folder, "run");
    const short = ["optim.epochs=1", "optim.warmup_epochs=0", "--profile=2"];
    const args = [...tiny, `--data=${data}`, `--output-dir=${run}`, ...short];
    const { status, stdout, stderr } = await runTrain(args);
    assertEquals(status, 0, stderr);
    const { traceEvents } = JSON.parse(await Deno.readTextFile(join(run, "trace.json")));
    assert(traceEvents.length > 0);
    assertStringIncludes(stdout, "trace.json");
  }));

Deno.test("a dry run prints sizes and schedules and makes no folder", () =>
  withData(async (folder, data) => {
    const run = join(folder, "run");
    const args = [...tiny, `--data=${data}`, `--output-dir=${run}`, "--dry-run"];
    const { status, stdout, stderr } = await runTrain(args);
    assertEquals(status, 0, stderr);
    for (
      const part of [
        "Iterations       60",
        "backbone",
        "dino_head",
        "activations",
        "FLOPs an image",
        "100 %",
      ]
    ) {
      assertStringIncludes(stdout, part);
    }
    const images = Number(/^ {2}images +(\S+) GB$/m.exec(stdout)?.[1]);
    assert(
      images < 0.01,
      `${images} GB for thirty images of 40 pixels, not as many as are kept at most`,
    );
    assertEquals(await Deno.stat(run).catch(() => "missing"), "missing");
  }));

Deno.test("a dry run tells what would refuse the run: memory with settings that fit, and its images", () =>
  withData(async (_, data) => {
    const large = ["train.batch_size_per_gpu=40", "dino.head_n_prototypes=16000000"];
    const asked = (...words: string[]) => runTrain([...tiny, "--dry-run", ...words]);
    const beyond = await asked(`--data=${data}`, ...large);
    assertMatch(
      beyond.stdout,
      /This run would be refused here\. Cannot train in .* needs about .* Set /,
    );
    assertEquals(beyond.status, 0);
    const missing = await asked("--data=/no/such/folder");
    assertMatch(missing.stdout, /This run would be refused here\. .*no\/such\/folder/);
    const few = await asked(`--data=${data}`, "train.batch_size_per_gpu=5000");
    assertStringIncludes(few.stdout, "This run would be refused here. Cannot make batches of 5000");
    const unnamed = await runTrain(["--dry-run", `--data=${data}`]);
    assertMatch(unnamed.stdout, /^Preset \w+, because /);
    const well = await asked(`--data=${data}`);
    assertEquals(well.stdout.includes("refused"), false);
  }));

Deno.test("--help lists the presets and every setting", async () => {
  const { status, stdout } = await runTrain(["--help"]);
  assertEquals(status, 0);
  for (const part of ["--output-dir DIR", "first_light", "optim.base_lr=0.004"]) {
    assertStringIncludes(stdout, part);
  }
});
