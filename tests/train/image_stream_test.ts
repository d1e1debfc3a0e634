import "../native.ts";
import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { presets } from "../../src/config/presets.ts";
import { resolveConfig } from "../../src/config/resolve.ts";
import type { Config, Settings } from "../../src/config/schema.ts";
import type { DecodedImage } from "../../src/data/image.ts";
import { setNumThreads } from "../../src/tensor/device.ts";
import { liveTensors } from "../../src/tensor/scope.ts";
import { train } from "../../src/train/loop.ts";
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
    const first = await train(config, {
      images,
      signal: stopping.signal,
      onEvent: (event) => {
        if (event.kind === "progress" && event.progress.done === 11) stopping.abort();
      },
    });
    assertEquals(first.done, 11);
    assertEquals((await train(config, { images, resume: true })).done, 12);
    assertEquals(positions, [0, 44]); // 11 steps of 4 images
    const [whole, halves] = ["whole", "halves"].map((name) => at(name).train.output_dir);
    assertEquals(tensorsOf(halves), tensorsOf(whole));
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
