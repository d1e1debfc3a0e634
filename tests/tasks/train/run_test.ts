import "../../native.ts";
import { assertEquals, assertMatch } from "@std/assert";
import { join } from "@std/path";
import "../../train/plenty_of_memory.ts";
import { makeBuiltinDataset } from "../../../src/data/builtin/builtin.ts";
import { typedPath } from "../../../tasks/cli/paths.ts";
import { trainCommand } from "../../../tasks/train.ts";
import { writePng } from "../../data/codec/write_png.ts";
import { CASES } from "../../data/sources/cases.ts";
import { inTempFolder } from "../../temp_folder.ts";
import { captured, runStopped } from "../captured.ts";
import { watched } from "../watched.ts";
import { tiny } from "./train_process.ts";

Deno.test("a run tells notes, its start, how far it is, evaluations, its health and what to do next", () =>
  inTempFolder(async (folder) => {
    const [run, data] = [join(folder, "run"), join(folder, "data")];
    await makeBuiltinDataset(data, { trainPerClass: 2, valPerClass: 1, size: 24 });
    const short = ["optim.epochs=1", "optim.warmup_epochs=0", "train.num_workers=1"];
    const args = [...tiny, ...short, `--data=${data}`];
    const own = [
      "train.saveckp_freq=3",
      "evaluation.eval_period_iterations=10",
      `--output-dir=${run}`,
    ];
    const { status, output, error } = await watched(trainCommand, ...args, ...own);
    assertEquals([status, error], [0, ""]);
    const lines = output.trimEnd().split("\n");
    const [weights, train, val] = [run, `${data}/train`, `${data}/val`].map(typedPath);
    const expected = [
      `Training on ${data}/train, evaluating on ${data}/val`,
      /^train.saveckp_freq /,
      /^Training vit_nano with patches of 8 on 20 images: 10 iterations of 2, on cpu, in /,
      /^k-NN \(k=20\) of the raw pixels: top-1 \d+\.\d %, top-5 \d+\.\d %$/,
      /^k-NN \(k=20\) of the untrained network: top-1 /,
      /^ 1\/10 {2}eta .* images\/s .* memory /,
      /^10\/10 {2}eta 0s /,
      /^k-NN \(k=20\) of the teacher after 10 iterations: top-1 /,
      /^$/,
      /^Trained for 10 iterations in /,
      /^Run health: /,
      /^k-NN accuracy of the features \(k=20\)$/,
      /^ {2}the raw pixels +\d/,
      /^ {2}the untrained network +\d/,
      /^ {2}the teacher after 10 iterations +\d/,
      `Run folder: ${run}`,
      /^Next$/,
      `  deno task eval knn --weights ${weights} --train ${train} --val ${val}`,
      /^ {2}deno task train --data DIR/,
    ];
    for (const [i, line] of expected.entries()) {
      if (typeof line === "string") assertEquals(lines[i], line);
      else assertMatch(lines[i] ?? "", line, output);
    }
    assertEquals(lines.length, expected.length, output);
  }));

Deno.test("a run that is told to stop while images are listed says so, and leaves no folder", () =>
  inTempFolder(async (folder) => {
    const before = Deno.cwd();
    Deno.chdir(folder);
    try {
      const data = `--data=${CASES}capital_endings/camera.tar`;
      assertEquals(await runStopped(trainCommand, ...tiny, data), {
        ...{ status: 143, error: "Stopped before anything was trained\n" },
        output: "Finishing the step and saving; press Ctrl-C again to stop immediately " +
          "and lose the steps since the last checkpoint\n",
      });
      assertEquals([...Deno.readDirSync("runs")], []);
    } finally {
      Deno.chdir(before);
    }
  }));

Deno.test("the images that a preset was chosen by are trained on without listing them again", () =>
  inTempFolder(async (folder) => {
    const list = join(folder, "list.csv"), values = new Uint8Array(32 ** 2);
    await Deno.writeFile(join(folder, "a.png"), writePng({ width: 32, height: 32, values }));
    await Deno.writeTextFile(list, "path\na.png\na.png\n");
    const short = ["train.OFFICIAL_EPOCH_LENGTH=2", "optim.epochs=1", "optim.warmup_epochs=0"];
    const places = [`--data=${list}`, `--output-dir=${join(folder, "run")}`];
    const work = await trainCommand.prepare([...tiny.slice(1), ...short, ...places]);
    await Deno.remove(list);
    const { status, output } = await captured(work);
    assertEquals(status, 0);
    assertMatch(output, /^Preset cifar10, because .*\n(.*\n)+Trained for 2 iterations in /);
  }));
