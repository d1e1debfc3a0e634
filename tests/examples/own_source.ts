/**
 * One's own source of images: an async generator. Here it draws discs; it could as well read a camera or a database.
 *
 *     deno run -A tests/examples/own_source.ts OUTPUT
 */
import { presets, resolveConfig } from "@deino/deino/config";
import { type DecodedImage, Stream } from "@deino/deino/data";
import { train } from "@deino/deino/train";

const SIDE = 32;

/** A disc of any size, place and colour: always the same one for the same number. */
function disc(number: number): DecodedImage {
  const random = new Stream(0, "disc", number);
  const [x, y, radius] = [random.uniform(0, SIDE), random.uniform(0, SIDE), random.uniform(4, 12)];
  const color = [0, 1, 2].map(() => random.integer(64, 255));
  const pixels = new Uint8Array(SIDE * SIDE * 3);
  for (let i = 0; i < SIDE * SIDE; i++) {
    const isInside = Math.hypot(i % SIDE - x, Math.floor(i / SIDE) - y) < radius;
    if (isInside) pixels.set(color, 3 * i);
  }
  return { width: SIDE, height: SIDE, pixels };
}

/** Discs without end. A run that is resumed asks for them from where it stopped. */
async function* discs(position: number): AsyncGenerator<DecodedImage> {
  for (let number = position;; number++) {
    yield await Promise.resolve(disc(number)); // wait here for whatever brings the image
  }
}

const config = resolveConfig(presets.first_light.settings, {
  train: { output_dir: Deno.args[0], batch_size_per_gpu: 8, OFFICIAL_EPOCH_LENGTH: 10 },
  optim: { epochs: 1, warmup_epochs: 0.2 },
});
const { done, folder } = await train(config, {
  images: discs,
  onEvent(event) {
    if (event.kind !== "progress") return;
    const { done, total, metrics } = event.progress;
    console.log(`${done} of ${total}: loss ${metrics.total_loss.toFixed(3)}`);
  },
});
console.log(`${done} steps on ${8 * done} discs are in ${folder}`);
