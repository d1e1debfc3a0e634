import "../../native.ts";
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import { listCheckpoints } from "../../../src/checkpoint/retain.ts";
import { makeBuiltinDataset } from "../../../src/data/builtin/builtin.ts";
import { readHolder } from "../../../src/files/lease.ts";
import { typedPath } from "../../../tasks/cli/paths.ts";
import { shellWords } from "../../shell_words.ts";
import { inTempFolder } from "../../temp_folder.ts";
import { send } from "../send.ts";
import { PROJECT, runTrain, tiny, trainCommand } from "./train_process.ts";

async function withRun(body: (args: string[], run: string) => Promise<void>): Promise<void> {
  await inTempFolder(async (folder) => {
    const data = join(folder, "data"), run = join(folder, "run");
    await makeBuiltinDataset(data, { trainPerClass: 3, valPerClass: 1, size: 40 });
    await body([...tiny, `--data=${join(data, "train")}`, `--output-dir=${run}`], run);
  });
}

/** For a run that goes on until it is ended, however late that comes. */
const ENDLESS = ["optim.epochs=6000"];

/** How many iterations the newest checkpoint of a run has seen. */
function saved(run: string): number {
  return listCheckpoints(run).at(-1)!.iteration + 1;
}

const ending = [["SIGINT", 130], ["SIGTERM", 143], ["SIGHUP", 129], ["SIGQUIT", 131]] as const;
for (const [signal, status] of ending) {
  Deno.test(`${signal} finishes the step, saves and says how to resume`, () =>
    withRun(async (args, run) => {
      const ended = await runTrain(args, { at: { text: "11/60", command: send(signal) } });
      assertEquals(ended.status, status, ended.stderr);
      assertStringIncludes(ended.stdout, `deno task train --output-dir ${typedPath(run)} --resume`);
      const done = Number(/Stopped after (\d+) of 60/.exec(ended.stdout)?.[1]);
      assert(done >= 11 && done < 60);
      assertEquals(saved(run), done);
    }));
}

for (const signal of ["SIGUSR1", "SIGUSR2"] as const) {
  Deno.test(`${signal} saves, opens no debugger, and the run goes on to its end`, () =>
    withRun(async (args) => {
      const ended = await runTrain([...args, "checkpointing.period=1000"], {
        at: { text: "11/60", command: send(signal) },
      });
      assertEquals(ended.status, 0, ended.stderr);
      assertStringIncludes(ended.stdout, "Saving on request");
      assertEquals(ended.stderr, "");
    }));
}

Deno.test("a signal that was ignored at the start stays ignored, as under nohup", () =>
  withRun(async (args, run) => {
    const ended = await runTrain(args, {
      ignored: "SIGHUP",
      at: { text: "11/60", command: send("SIGHUP") },
    });
    assertEquals([ended.status, saved(run)], [0, 60], ended.stderr);
  }));

Deno.test("under nohup a hang-up ends nothing, from the first line of code on", () =>
  withRun(async (args, run) => {
    // Deno itself ends at a signal that comes in the instant in which it begins to listen.
    const begun = encodeURIComponent(
      `Deno.writeTextFileSync(${JSON.stringify(`${run}.begun`)},"")`,
    );
    const train = shellWords(...trainCommand(args, [`--preload=data:text/javascript,${begun}`]));
    const command = `trap '' HUP; nohup ${train} < /dev/null > ${
      shellWords(`${run}.log`)
    } 2>&1 & pid=$!
      while [ ! -e ${shellWords(`${run}.begun`)} ] && kill -0 $pid 2> /dev/null; do sleep 0.01; done
      while kill -HUP $pid 2> /dev/null; do sleep 0.03; done; wait $pid`;
    const { code } = await new Deno.Command("bash", {
      args: ["-c", command],
      env: { OMP_NUM_THREADS: "1" },
    }).output();
    assertEquals([code, saved(run)], [0, 60], Deno.readTextFileSync(`${run}.log`));
  }));

Deno.test("what ends a run while it starts leaves a folder that can be used, and a status that tells", () =>
  withRun(async (args, run) => {
    const [program, ...rest] = trainCommand(args);
    const isBegun = () => listCheckpoints(run).length > 0;
    for (let milliseconds = 30; milliseconds < 1500 && !isBegun(); milliseconds *= 1.6) {
      const child = new Deno.Command(program, {
        args: rest,
        env: { OMP_NUM_THREADS: "1" },
        stdout: "null",
        stderr: "null",
      }).spawn();
      const timer = setTimeout(() => child.kill("SIGTERM"), milliseconds);
      const { success, code } = await child.status;
      clearTimeout(timer);
      if (success) break; // a fast machine
      assertEquals(code, 143);
    }
    const again = isBegun() ? [`--output-dir=${run}`, "--resume"] : args;
    assertEquals((await runTrain(again)).status, 0);
    assertEquals(saved(run), 60);
  }));

Deno.test("the second Ctrl-C ends at once, also in a long step", () =>
  withRun(async (args) => {
    const command = [...trainCommand(args), "train.batch_size_per_gpu=30", "student.arch=vit_tiny"];
    const [program, ...rest] = [...command, "crops.global_crops_size=224"];
    const child = new Deno.Command(program, {
      args: rest,
      env: { OMP_NUM_THREADS: "1" },
      stdout: "piped",
      stderr: "null",
    }).spawn();
    let stdout = "";
    for await (const text of child.stdout.pipeThrough(new TextDecoderStream())) {
      if (text.includes("Training vit")) child.kill("SIGINT");
      if (text.includes("Finishing the step")) child.kill("SIGINT");
      stdout += text;
    }
    assertEquals([(await child.status).signal, stdout.includes("and saved")], ["SIGINT", false]);
  }));

/** Runs a shell command in a terminal that is closed, or in which Ctrl-C is typed, once it shows a text. */
async function inTerminal(
  action: "close" | "interrupt",
  after: string,
  command: string,
): Promise<{ shown: string; status: number }> {
  const script = fromFileUrl(new URL("in_terminal.py", import.meta.url));
  // Some python3 put a folder of their own first on PATH, where another one is found, with which all would be built again.
  const restored = `export PATH=${shellWords(Deno.env.get("PATH") ?? "")}; ${command}`;
  const { code, stdout } = await new Deno.Command("python3", {
    args: [script, action, after, restored],
    env: { OMP_NUM_THREADS: "1" },
  }).output();
  return { shown: new TextDecoder().decode(stdout), status: code };
}

/** Waits until something holds, which on any machine it does within minutes. */
async function until(holds: () => boolean): Promise<void> {
  for (let tries = 0; !holds(); tries++) {
    assert(tries < 6000, `it does not come: ${holds}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

Deno.test("a terminal that is closed ends the run saved", () =>
  withRun(async (args, run) => {
    const command = shellWords(...trainCommand([...args, ...ENDLESS]));
    const { status, shown } = await inTerminal("close", "11/60000", command);
    assert(saved(run) >= 11, `${saved(run)} were saved`);
    assertEquals(status, 129, shown);
  }));

Deno.test("a terminal that is closed does not end a run under nohup, also behind deno task", () =>
  withRun(async (args, run) => {
    const log = shellWords(`${run}.log`);
    const words = shellWords(...args, ...ENDLESS);
    const task = `nohup deno task --config ${shellWords(PROJECT)} train ${words} > ${log} 2>&1`;
    await inTerminal("close", "11/60000", `>${log}; tail -f ${log} & ${task}`);
    const { pid } = readHolder(join(run, "owner.json"))!;
    const before = saved(run);
    await until(() => saved(run) > before);
    Deno.kill(pid, "SIGTERM");
    await until(() => readHolder(join(run, "owner.json")) === undefined);
  }));

Deno.test("Ctrl-C ends a run saved although what reads its output is gone", () =>
  withRun(async (args, run) => {
    const train = shellWords(...trainCommand([...args, ...ENDLESS]));
    const piped = `${train} 2>&1 | tee ${shellWords(`${run}.log`)}; exit \${PIPESTATUS[0]}`;
    const { status, shown } = await inTerminal("interrupt", "11/60000", piped);
    assertEquals(status, 130, shown);
    assert(saved(run) >= 11);
  }));

for (const where of ["| head -1", "> /dev/full 2>&1"]) {
  Deno.test(`output that cannot be written does not end a run: ${where}`, () =>
    withRun(async (args, run) => {
      const command = `${shellWords(...trainCommand(args))} ${where}; exit \${PIPESTATUS[0]}`;
      const { code } = await new Deno.Command("bash", {
        args: ["-c", command],
        env: { OMP_NUM_THREADS: "1" },
        stdout: "null",
      }).output();
      assertEquals([code, saved(run)], [0, 60]);
    }));
}
