import "../native.ts";
import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { presets } from "../../src/config/presets.ts";
import { resolveConfig } from "../../src/config/resolve.ts";
import type { Config, Settings } from "../../src/config/schema.ts";
import type { DecodedImage } from "../../src/data/image.ts";
import { setNumThreads } from "../../src/tensor/device.ts";
import { liveTensors } from "../../src/tensor/scope.ts";
import { listCheckpoints } from "../../src/checkpoint/retain.ts";
import { Lease } from "../../src/files/lease.ts";
import { train } from "../../src/train/loop.ts";
import { RunFolder } from "../../src/train/run_folder.ts";
import { inTempFolder } from "../temp_folder.ts";
import { small, tensorsOf } from "./small_run.ts";

setNumThreads(1); // products this small take longer when they are shared out

function pattern(place: number): DecodedImage {
  const pixels = Uint8Array.from({ length: 24 * 32 * 3 }, (_, i) => (place + 1) * (i + 7919));
  return { width: 24, height: 32, pixels };
}

async function* endless(position: number): AsyncGenerator<DecodedImage> {
  for (let place = position;; place++) yield pattern(place);
}

async function withFolder(body: (at: (name: string, more?: Settings) => Config) => Promise<void>) {
  await inTempFolder(async (folder) => {
    const before = liveTensors();
    await body((name, more = {}) =>
      resolveConfig(presets.dino.settings, small, more, {
        train: { output_dir: join(folder, name) },
      })
    );
    assertEquals(liveTensors(), before, "tensors outlived the run");
  });
}

Deno.test("a run on images of one's own is interrupted and goes on to the same bits", () =>
  withFolder(async (at) => {
    assertEquals((await train(at("whole"), { images: endless })).done, 12);
    const stopping = new AbortController();
    const positions: number[] = [];
    const images = (position: number) => {
      positions.push(position);
      return endless(position);
    };
    const config = at("halves");
    let steps = 0;
    const first = await train(config, {
      images,
      signal: stopping.signal,
      isSaveRequested: () => {
        if (++steps === 5) stopping.abort(); // between two lines of metrics; one more step is taken
        return false;
      },
    });
    assertEquals(first.done, 7);
    assertEquals((await train(config, { images, resume: true })).done, 12);
    assertEquals(positions, [0, 28]); // 7 steps of 4 images
    const [whole, halves] = ["whole", "halves"].map((name) => at(name).train.output_dir);
    assertEquals(tensorsOf(halves), tensorsOf(whole));
    const lines = (folder: string) =>
      RunFolder.reopen(folder).metrics().map(({ iter_time: _, data_time: __, ...line }) => line);
    assertEquals(lines(halves), lines(whole));
  }));

Deno.test("a stream is closed when the run is over", () =>
  withFolder(async (at) => {
    let isClosed = false;
    await train(at("run"), {
      images: async function* (position) {
        try {
          yield* endless(position);
        } finally {
          isClosed = true;
        }
      },
    });
    assert(isClosed);
  }));

Deno.test("images of one's own that end too early, or have other channels, are refused", () =>
  withFolder(async (at) => {
    await assertRejects(
      async () =>
        await train(at("short"), {
          images: async function* () {
            for (let place = 0; place < 10; place++) yield pattern(place);
          },
        }),
      Error,
      "Cannot continue after 2 steps: your image stream ended, and a step takes 4",
    );
    const gray = async function* () {
      for (;;) yield { width: 24, height: 32, pixels: new Uint8Array(24 * 32) };
    };
    await assertRejects(
      async () => await train(at("gray"), { images: gray }),
      TypeError,
      "Cannot learn from an image of 24x32 pixels that has 768 values: with data.channels=3 it has 2304",
    );
    await assertRejects(
      async () =>
        await train(at("auto", { data: { mean: "auto", std: "auto" } }), { images: endless }),
      RangeError,
      "set both",
    );
  }));

/** Runs `body` with a clock that only `pass` moves, by so many seconds. */
async function byOwnClock(body: (pass: (seconds: number) => void) => Promise<void>): Promise<void> {
  const { now } = performance;
  let time = 0;
  performance.now = () => time;
  try {
    await body((seconds) => time += 1000 * seconds);
  } finally {
    performance.now = now;
  }
}

Deno.test("a run tells how long its steps take and wait, and is saved as many minutes after it was saved", () =>
  withFolder((at) =>
    byOwnClock(async (pass) => {
      async function* slow(position: number): AsyncGenerator<DecodedImage> {
        for await (const image of endless(position)) {
          pass(15); // four of them are a step
          yield image;
        }
      }
      const saves: Record<number, number[]> = { 2.5: [2, 5, 8, 11], 0: [11] };
      for (const [period_minutes, saved] of Object.entries(saves)) {
        const checkpointing = {
          period: 100,
          max_to_keep: 9,
          period_minutes: Number(period_minutes),
        };
        const rates: number[] = [];
        const { folder } = await train(at(period_minutes, { checkpointing }), {
          images: slow,
          onEvent: (event) =>
            event.kind === "progress" && rates.push(event.progress.imagesPerSecond),
        });
        assertEquals(listCheckpoints(folder).map(({ iteration }) => iteration), saved);
        const lines = RunFolder.reopen(folder).metrics();
        assertEquals(
          lines.map((line) => [line.iteration, line.iter_time, line.data_time]),
          [[0, 60, 60], [10, 60, 60], [11, 60, 60]],
        );
        assertEquals(lines.map((line) => line.current_batch_size), [4, 4, 4]);
        assertEquals(rates, Array(3).fill(4 / 60));
      }
    })
  ));

Deno.test("whoever asks what a run does is told where it is, and whether it waits or computes", () =>
  withFolder(async (at) => {
    const { tell } = Lease.prototype;
    const told: (string | undefined)[] = [];
    Lease.prototype.tell = (doing) => void told.push(doing);
    try {
      await train(at("run", { optim: { epochs: 0.5, warmup_epochs: 0 } }), { images: endless });
    } finally {
      Lease.prototype.tell = tell;
    }
    assertEquals(told, [
      undefined,
      ...[0, 1].flatMap((iteration) => [
        `iteration ${iteration}, waiting for an image of your own`,
        `iteration ${iteration}, computing`,
      ]),
    ]);
  }));

Deno.test("steps are recorded where that is asked for, and a run too short for them leaves no folder", () =>
  withFolder(async (at) => {
    const config = at("run"), { output_dir } = config.train;
    await assertRejects(
      () => train(config, { images: endless, profile: 10 }),
      RangeError,
      "Cannot profile 10 steps after the first 3: the run has 12 to go",
    );
    assertEquals(await Deno.stat(output_dir).catch(() => "missing"), "missing");
    const profiles: [path: string, steps: number][] = [];
    await train(config, {
      images: endless,
      profile: 2,
      onEvent: (event) =>
        event.kind === "profile" && profiles.push([event.path, event.summary.steps]),
    });
    assertEquals(profiles, [[join(output_dir, "trace.json"), 2]]);
  }));

Deno.test("where a run looks for what is not finite, it names where that began", () =>
  withFolder(async (at) => {
    const { optim, ...rest } = at("run");
    const config = { ...rest, optim: { ...optim, base_lr: 1e30 } };
    await assertRejects(
      () => train(config, { images: endless, detectAnomaly: true }),
      Error,
      "the first values that are not finite are ",
    );
  }));
