import "../native.ts";
import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { DecodePool } from "../../src/data/decode_pool.ts";
import type { CropJob, CropPlan } from "../../src/data/crop_job.ts";
import type { DecodeOutcome, WorkerMessage } from "../../src/data/decode_worker.ts";
import { inTempFolder } from "../temp_folder.ts";
import { withDyingWorkers, withOvertakenWorkers, withStillbornWorkers } from "./dying_workers.ts";

const IMAGES = fromFileUrl(new URL("images/", import.meta.url));

function summary(outcome: DecodeOutcome): string {
  return "reason" in outcome ? outcome.reason : `${outcome.width}x${outcome.height}`;
}

Deno.test("files are decoded or reported, each to the caller who asked", async () => {
  using pool = new DecodePool({ workers: 2 });
  const names = ["rgb.jpg", "text.jpg", "wide.png", "missing.jpg", "one_pixel.png", "cut_off.png"];
  const outcomes = await Promise.all(names.map((name) => pool.decode({ path: IMAGES + name })));
  assertEquals(outcomes.map(summary), [
    "40x30",
    "not an image of a known format",
    "12000x3",
    "the file is gone",
    "1x1",
    "damaged or unsupported PNG (the PNG is cut off)",
  ]);
});

Deno.test("what is no regular file is reported", async () => {
  using pool = new DecodePool({ workers: 1 });
  assertEquals(summary(await pool.decode({ path: IMAGES })), "not a regular file");
});

Deno.test("a closed pool refuses files, also those that wait", async () => {
  const pool = new DecodePool({ workers: 1 });
  const waiting = pool.decode({ path: IMAGES + "rgb.jpg" });
  pool.close();
  await assertRejects(() => waiting, Error, "the pool is closed");
  await assertRejects(() => pool.decode({ path: IMAGES + "rgb.jpg" }), Error, "the pool is closed");
});

Deno.test("a file of which a worker dies is tried once more, then reported, and the others are decoded", async () => {
  await inTempFolder(async (folder) => {
    const names = ["dies_early_once", "a", "dies_late_once", "dies_early", "b", "dies_late", "c"];
    for (const name of names) await Deno.copyFile(IMAGES + "rgb.jpg", `${folder}/${name}`);
    await withDyingWorkers(async () => {
      using pool = new DecodePool({ workers: 1 });
      const outcomes = await Promise.all(
        names.map((name) => pool.decode({ path: `${folder}/${name}` })),
      );
      const died = "the worker died (Error: out of memory), also when tried again";
      assertEquals(
        outcomes.map(summary),
        ["40x30", "40x30", "40x30", died, "40x30", died, "40x30"],
      );
      assertEquals(summary(await pool.decode({ path: IMAGES + "rgb.jpg" })), "40x30");
    });
  });
});

Deno.test("what a worker said before it died counts, though the news of its death comes first", async () => {
  await inTempFolder(async (folder) => {
    const names = ["a", "b", "dies_early", "c", "dies_late"];
    for (const name of names) await Deno.copyFile(IMAGES + "rgb.jpg", `${folder}/${name}`);
    await withOvertakenWorkers(async () => {
      using pool = new DecodePool({ workers: 1 });
      const outcomes = await Promise.all(
        names.map((name) => pool.decode({ path: `${folder}/${name}` })),
      );
      const died = "the worker died (Error: out of memory), also when tried again";
      assertEquals(outcomes.map(summary), ["40x30", "40x30", died, "40x30", died]);
    });
  });
});

Deno.test("workers that cannot start refuse the files that wait and those that come later, with the reason", async () => {
  await withStillbornWorkers(async () => {
    using pool = new DecodePool({ workers: 1 });
    for (const _ of ["waiting", "later"]) {
      const refused = pool.decode({ path: IMAGES + "rgb.jpg" });
      const reason = "Cannot start a worker: the worker died (Error: no memory)";
      await assertRejects(() => refused, Error, reason);
    }
  });
});

Deno.test("a worker that ends without a word is noticed, its file tried once more, then reported", async () => {
  const { setInterval } = globalThis;
  let look = () => {};
  globalThis.setInterval = ((callback: () => void) => {
    look = callback;
    return setInterval(() => {}, 2 ** 30);
  }) as typeof setInterval;
  const bePatient = () => {
    for (let looks = 0; looks <= 10; looks++) look();
  };
  try {
    await inTempFolder(async (folder) => {
      const names = ["a", "closes_once", "b", "closes", "c"];
      for (const name of names) await Deno.copyFile(IMAGES + "rgb.jpg", `${folder}/${name}`);
      await withDyingWorkers(async () => {
        using pool = new DecodePool({ workers: 1 });
        const outcomes = await Promise.all(
          names.map((name) => pool.decode({ path: `${folder}/${name}` })),
        );
        const ended = "the worker ended without a word, also when tried again";
        assertEquals(outcomes.map(summary), ["40x30", "40x30", "40x30", ended, "40x30"]);
      }, bePatient);
    });
  } finally {
    globalThis.setInterval = setInterval;
  }
});

Deno.test("a pool without workers is refused", () => {
  assertThrows(() => new DecodePool({ workers: 0 }), RangeError, "Cannot decode with 0 workers");
});

Deno.test("more threads than open files are allowed for are refused with the command that allows more", async () => {
  const module = new URL("../../src/data/decode_pool.ts", import.meta.url).href;
  const config = fromFileUrl(new URL("../../deno.json", import.meta.url));
  const code = `const { DecodePool } = await import("${module}");
    try { new DecodePool({ workers: 64 }).close(); } catch (error) { console.log(error.message); }`;
  const { stdout } = await new Deno.Command("sh", {
    args: [
      "-c",
      'ulimit -n 256; exec "$@"',
      "sh",
      Deno.execPath(),
      "eval",
      "--config",
      config,
      code,
    ],
  }).output();
  assertEquals(
    new TextDecoder().decode(stdout),
    "Cannot decode with 64 workers where 256 files may be open at once: " +
      "run `ulimit -n 512` before, or take 27 workers\n",
  );
});

Deno.test("unless told otherwise there is a thread for each core, ten at most as in the reference", () => {
  const { Worker } = globalThis;
  const cores = Object.getOwnPropertyDescriptor(Navigator.prototype, "hardwareConcurrency")!;
  try {
    for (const [count, threads] of [[1, 1], [10, 10], [64, 10]]) {
      let started = 0;
      globalThis.Worker = class {
        constructor() {
          started++;
        }
        postMessage() {}
        terminate() {}
      } as unknown as typeof Worker;
      Object.defineProperty(Navigator.prototype, "hardwareConcurrency", {
        ...cores,
        get: () => count,
      });
      new DecodePool().close();
      assertEquals(started, threads);
    }
  } finally {
    globalThis.Worker = Worker;
    Object.defineProperty(Navigator.prototype, "hardwareConcurrency", cores);
  }
});

Deno.test("as many threads as open files allow for are started", async () => {
  const module = new URL("../../src/data/decode_pool.ts", import.meta.url).href;
  const config = fromFileUrl(new URL("../../deno.json", import.meta.url));
  const code = `const { DecodePool } = await import("${module}");
    try { new DecodePool({ workers: 27 }).close(); console.log("started"); } catch { console.log("refused"); }`;
  const started = async (limit: number) => {
    const args = [
      "-c",
      `ulimit -n ${limit}; exec "$@"`,
      "sh",
      Deno.execPath(),
      "eval",
      "--config",
      config,
      code,
    ];
    const { stdout } = await new Deno.Command("sh", { args }).output();
    return new TextDecoder().decode(stdout).trim();
  };
  assertEquals([await started(253), await started(252)], ["started", "refused"]); // 64 and 7 for each
});

/** Runs the body with threads that do nothing but note what they are told to do, and how often they are looked at. */
async function withMuteWorkers(
  body: (told: WorkerMessage[][], intervals: number[]) => void | Promise<void>,
): Promise<void> {
  const { Worker, setInterval } = globalThis;
  const told: WorkerMessage[][] = [], intervals: number[] = [];
  globalThis.Worker = class {
    readonly #told: WorkerMessage[] = [];
    constructor() {
      told.push(this.#told);
    }
    postMessage(message: WorkerMessage) {
      if (!("said" in message)) this.#told.push(message); // what comes first, always
    }
    terminate() {}
  } as unknown as typeof Worker;
  globalThis.setInterval = ((call: () => void, milliseconds: number) => {
    intervals.push(milliseconds);
    return setInterval(call, milliseconds);
  }) as typeof setInterval;
  try {
    await body(told, intervals);
  } finally {
    Object.assign(globalThis, { Worker, setInterval });
  }
}

Deno.test("a worker may be silent for half an hour unless told otherwise, and is looked at ten times in that", () =>
  withMuteWorkers((_, intervals) => {
    new DecodePool({ workers: 1 }).close();
    new DecodePool({ workers: 1, patience: 5000 }).close();
    assertEquals(intervals, [180_000, 500]);
  }));

Deno.test("rows that are unpacked together go to one worker, others to the one with the least to do", () =>
  withMuteWorkers((told) => {
    using pool = new DecodePool({ workers: 3 });
    const row = (path: string, begin: number, row: number) => {
      pool.decode({ path, column: "image", group: [begin, begin + 9], row }).catch(() => {});
    };
    for (const i of [0, 1, 2]) row("a", 0, i);
    row("a", 9, 10);
    row("b", 0, 0);
    pool.decode({ path: "c" }).catch(() => {});
    row("a", 9, 11);
    const places = told.map((messages) =>
      messages.map((message) => "sample" in message && Object.values(message.sample).join())
    );
    assertEquals(places, [
      ["a,image,0,9,0", "a,image,0,9,1", "a,image,0,9,2"],
      ["a,image,9,18,10", "c", "a,image,9,18,11"],
      ["b,image,0,9,0"],
    ]);
  }));

Deno.test("a worker is told the plan of its crops before the first, not again, and how images are decoded with each", () =>
  withMuteWorkers((told) => {
    using pool = new DecodePool({ workers: 1, channels: 4, maxPixels: 9, exif: "apply" });
    const [plan, other] = [{}, {}] as CropPlan[];
    const job = {} as CropJob;
    for (const each of [plan, plan, other, plan]) {
      pool.crop({ path: "a" }, each, job).catch(() => {});
    }
    const target = { path: "m", kind: { kind: "depth", scale: 1 } } as const;
    pool.decode({ path: "b" }, target).catch(() => {});
    pool.shrink({ path: "c" }, 7).catch(() => {});
    const crop = { sample: { path: "a" }, job };
    const decoding = { channels: 4, maxPixels: 9, exif: "apply" } as const;
    assertEquals<unknown>(told, [[
      ...[{ plan }, crop, crop, { plan: other }, crop, { plan }, crop],
      { sample: { path: "b" }, decoding, target },
      { sample: { path: "c" }, shortSide: 7 },
    ]]);
  }));
