/** What a training of small images loses to others: beside a busy process, and two at once. */
import { fromFileUrl } from "@std/path";
import { presets } from "../../src/config/presets.ts";
import { median } from "./median.ts";
import { type Peer, startPeer } from "./peer.ts";
import type { BenchOptions, BenchResult } from "./result.ts";
import { writeScenes } from "./scenes.ts";

const SCENES = 256;
const ROUNDS = 3;
/** Seconds of each measurement. */
const SECONDS = 6;

/** Images a second, alone and beside others, in turns. */
export async function* bench({ device, isTiny }: BenchOptions): AsyncGenerator<BenchResult> {
  const [rounds, seconds] = isTiny ? [1, 0.1] : [ROUNDS, SECONDS];
  const side = presets.cifar10.settings.crops!.global_crops_size!;
  const folder = await Deno.makeTempDir();
  try {
    await writeScenes(folder, SCENES, { width: side, height: side });
    const script = fromFileUrl(new URL("sharing_run.ts", import.meta.url));
    const start = () =>
      startPeer(Deno.execPath(), ["run", "-A", "--no-check", script, folder, device, `${seconds}`]);
    await using one = await start();
    await using other = await start();
    const rate = async (run: Peer) => await run.measure() as number;
    const alone: number[] = [], busy: number[] = [], both: number[] = [];
    await rate(one);
    for (let round = 0; round < rounds; round++) {
      alone.push(await rate(one));
      busy.push(await besideBusyProcess(() => rate(one)));
      both.push(Math.min(...await Promise.all([rate(one), rate(other)])));
    }
    const baseline = median(alone);
    const result = (name: string, rates: number[], asked: string): BenchResult => ({
      ...{ name, value: median(rates), unit: "img/s", baseline, ratio: median(rates) / baseline },
      note: `of the rate alone; ${asked}; ${navigator.hardwareConcurrency} cores`,
    });
    yield result("cifar10 beside a busy process", busy, "0.5 is half");
    yield result("the slower of two cifar10 at once", both, "0.5 is all there is");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function besideBusyProcess<T>(body: () => Promise<T>): Promise<T> {
  const spinning = new Deno.Command("sh", { args: ["-c", "while :; do :; done"] }).spawn();
  try {
    return await body();
  } finally {
    spinning.kill();
    await spinning.status;
  }
}
