/// <reference lib="deno.worker" />
/**
 * A worker that reads and decodes image files, and makes crops or smaller files of them.
 *
 * @module
 */
import { basename } from "@std/path";
import { decodeImage, type DecodeOptions } from "./codec/decode.ts";
import { type CropJob, type CropOutcome, type CropPlan, runCropJob } from "./crop_job.ts";
import { decodeTarget } from "./decode_target.ts";
import { type DecodedImage, MAX_PIXELS } from "./image.ts";
import { adoptDecoders, type DecoderChoices } from "./pixels/decoder_choice.ts";
import { readSample, type SampleLocator } from "./sources/sample.ts";
import type { TargetKind } from "./target.ts";

/** An image, and the file of what is known about its pixels. */
export interface DecodeRequest {
  /** Where the image lies. */
  readonly sample: SampleLocator;
  /** How the image is decoded. */
  readonly decoding: DecodeOptions;
  /** The mask or depth map beside it, if that is wanted too. */
  readonly target?: { readonly path: string; readonly kind: TargetKind };
}

/** An image, and the crops to make of it. */
export interface CropRequest {
  /** Where the image lies. */
  readonly sample: SampleLocator;
  /** The crops. */
  readonly job: CropJob;
}

/** An image, and the size to which its file is shrunk. */
export interface ShrinkRequest {
  /** Where the image lies. */
  readonly sample: SampleLocator;
  /** The most pixels of its shorter side. */
  readonly shortSide: number;
}

/** What a worker is told first. */
export interface WorkerStart {
  /** Where to count what it says. */
  readonly said: Int32Array<SharedArrayBuffer>;
  /** Who decodes each format: chosen once, so that every thread gives the same pixels. */
  readonly decoders: DecoderChoices;
}

/** What a worker is told: how to start, something to do, or the plan of the crops that follow. */
export type WorkerMessage =
  | WorkerStart
  | DecodeRequest
  | CropRequest
  | ShrinkRequest
  | { readonly plan: CropPlan };

/** What the worker says: that it has started, or what became of the next file. */
export type WorkerReply = "ready" | DecodeOutcome | CropOutcome | ShrinkOutcome;

/** An image, or the reason why there is none. */
export type DecodeOutcome = DecodedImage | { readonly reason: string };

/** The bytes of an image file that was shrunk, or the reason why there are none. */
export type ShrinkOutcome = { readonly bytes: Uint8Array<ArrayBuffer> } | {
  readonly reason: string;
};

/** One file at a time, for the memory of two large images would add up. */
let last: Promise<void> = Promise.resolve();

let said: Int32Array<SharedArrayBuffer>;
let plan: CropPlan | undefined;

self.onmessage = ({ data }: MessageEvent<WorkerMessage>) => {
  if ("said" in data) {
    said = data.said;
    adoptDecoders(data.decoders);
    say("ready");
  } else if ("plan" in data) plan = data.plan;
  else last = last.then(() => answer(data));
};

function say(reply: WorkerReply, transfer: Transferable[] = []): void {
  self.postMessage(reply, { transfer });
  Atomics.add(said, 0, 1);
}

async function answer(request: DecodeRequest | CropRequest | ShrinkRequest): Promise<void> {
  if ("job" in request) {
    return say(await runCropJob(plan!, request.job, () => readSample(request.sample)));
  }
  if ("shortSide" in request) {
    const outcome = await readAndShrink(request);
    return say(outcome, "reason" in outcome ? [] : [outcome.bytes.buffer]);
  }
  const outcome = await readAndDecode(request);
  const transfer = "reason" in outcome
    ? []
    : [outcome.pixels, ...outcome.target ? [outcome.target] : []].map(({ buffer }) => buffer);
  say(outcome, transfer);
}

async function readAndDecode({ sample, decoding, target }: DecodeRequest): Promise<DecodeOutcome> {
  try {
    const image = await decodeImage(await readSample(sample), decoding);
    return target === undefined ? image : { ...image, target: await readTarget(target, image) };
  } catch (error) {
    return { reason: reasonOf(error) };
  }
}

async function readAndShrink({ sample, shortSide }: ShrinkRequest): Promise<ShrinkOutcome> {
  try {
    const { shrinkImage } = await import("./shrink_image.ts"); // which few workers need
    const bytes = await shrinkImage(await readSample(sample), shortSide);
    return { bytes: bytes.slice() }; // of its own memory, to be handed over
  } catch (error) {
    return { reason: reasonOf(error) };
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Reads what is known about the pixels of an image. */
async function readTarget(
  { path, kind }: Required<DecodeRequest>["target"],
  image: DecodedImage,
): Promise<DecodedImage["target"]> {
  try {
    const { width, height, values } = decodeTarget(await readSample({ path }), kind, MAX_PIXELS);
    if (width === image.width && height === image.height) return values;
    throw new Error(
      `it has ${width}x${height} pixels, its image ${image.width}x${image.height}`,
    );
  } catch (error) {
    throw new Error(`${basename(path)}: ${(error as Error).message}`, { cause: error });
  }
}
