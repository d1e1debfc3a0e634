import "../../native.ts";
import { assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { makeBuiltinDataset } from "../../../src/data/builtin/builtin.ts";
import { shellWords } from "../../shell_words.ts";
import { inTempFolder } from "../../temp_folder.ts";
import { preloaded } from "../moment.ts";
import { tiny, trainCommand } from "./train_process.ts";

/** Whether a process may have disks of its own; not so on every machine. */
const mayMount = (() => {
  try {
    const args = ["--user", "--map-root-user", "--mount", "mount", "-t", "tmpfs", "x", "/tmp"];
    return new Deno.Command("unshare", { args }).outputSync().success;
  } catch {
    return false;
  }
})();

/**
 * Runs a script with a small disk at `disk`, which is gone with it. In it `train WORDS` trains, with `$settings` to begin a
 * run, and tells its status; what it said is in `disk.log`. `fill` fills the disk, and `train_and_fill` does after ten steps.
 */
async function withDisk(script: string): Promise<{ told: string; log: string }> {
  let outcome = { told: "", log: "" };
  await inTempFolder(async (folder) => {
    await Deno.mkdir(join(folder, "disk"));
    await makeBuiltinDataset(join(folder, "data"), { trainPerClass: 3, valPerClass: 1, size: 40 });
    const fill = "dd if=/dev/zero of=disk/filler bs=64k 2> /dev/null";
    const { flags, env } = preloaded({ text: "11/60", command: fill });
    const whole = `mount -t tmpfs -o size=64m tmpfs disk || exit 1
      settings=${shellWords(["--data=data/train", ...tiny].join(" "))}
      train() { ${shellWords(...trainCommand([]))} "$@" > disk.log 2>&1; echo "status $?"; }
      train_and_fill() { ${
      shellWords(...trainCommand([], flags))
    } "$@" > disk.log 2>&1; echo "status $?"; }
      fill() { ${fill}; }
      ${script}`;
    const { stdout } = await new Deno.Command("unshare", {
      args: ["--user", "--map-root-user", "--mount", "bash", "-c", whole],
      cwd: folder,
      env: { OMP_NUM_THREADS: "1", ...env },
    }).output();
    const log = await Deno.readTextFile(join(folder, "disk.log"));
    outcome = { told: new TextDecoder().decode(stdout).trim(), log };
  });
  return outcome;
}

const test = { ignore: !mayMount };

Deno.test(
  "a disk that fills ends a run in a sentence, and it goes on once there is room",
  test,
  async () => {
    const { told, log } = await withDisk(`
    train_and_fill $settings --output-dir=disk/run; tail -1 disk.log; rm disk/filler
    train --output-dir=disk/run --resume`);
    const [first, sentence, second] = told.split("\n");
    assertEquals([first, second], ["status 1", "status 0"], log);
    assertStringIncludes(sentence, "Cannot ");
    assertStringIncludes(log, "Trained for 60 iterations, the last ");
  },
);

Deno.test("a disk that is full at the start leaves a folder that can be used", test, async () => {
  const { told, log } = await withDisk(`
    fill; train $settings --output-dir=disk/run; cat disk.log; rm disk/filler; ls disk
    train $settings --output-dir=disk/run`);
  const lines = told.split("\n");
  assertEquals([lines[0], lines.at(-1)], ["status 1", "status 0"], log);
  assertStringIncludes(told, 'owner.json": No space left on device');
  assertStringIncludes(log, "Trained for 60 iterations in");
});

Deno.test(
  "a folder that cannot be written is refused in a sentence, to begin and to resume",
  test,
  async () => {
    const { told } = await withDisk(`
    train $settings --output-dir=disk/run; mount -o remount,bind,ro disk
    train $settings --output-dir=disk/other; tail -1 disk.log
    train --output-dir=disk/run --resume; tail -1 disk.log`);
    const [, first, begun, second, resumed] = told.split("\n");
    assertEquals([first, second], ["status 1", "status 1"], told);
    for (const sentence of [begun, resumed]) {
      assertStringIncludes(sentence, 'owner.json": Read-only file system');
    }
  },
);
