/**
 * Decodes masks and depth maps.
 *
 * @module
 */
import { isNpy } from "./codec/formats.ts";
import { readNpySamples } from "./codec/npy_samples.ts";
import { readPngSamples } from "./codec/png_samples.ts";
import type { Samples } from "./codec/samples.ts";
import {
  type DepthTargets,
  IGNORED,
  type LabelTargets,
  type TargetKind,
  type TargetValues,
} from "./target.ts";

/** The class (bytes) or the depth in metres (float32) of each pixel. */
interface Target {
  /** Columns. */
  readonly width: number;
  /** Rows. */
  readonly height: number;
  /** `[height, width]`. Not to be written to. */
  readonly values: TargetValues;
}

/**
 * Decodes a mask or a depth map: a PNG, or for depth also a file of `numpy.save`, whatever it is called.
 *
 * A colour PNG is read where red, green and blue are all the class's number.
 *
 * @throws {Error} If the bytes are neither, damaged, larger than `maxPixels`, or hold what the kind does not allow; the
 *   message is the reason, worded to follow a file name and a colon.
 */
export function decodeTarget(bytes: Uint8Array, kind: TargetKind, maxPixels: number): Target {
  const isDepth = kind.kind === "depth";
  const read = isDepth && isNpy(bytes) ? readNpySamples : readPngSamples;
  const samples = read(bytes, maxPixels);
  const { width, height } = samples;
  const values = onlyChannel(samples);
  return { width, height, values: isDepth ? metres(values, kind) : classes(values, kind) };
}

/** The one number of each pixel. */
function onlyChannel({ channels, values }: Samples): Samples["values"] {
  if (channels === 1) return values;
  const colours = channels < 3 ? 1 : 3;
  const only = values.filter((_, i) => i % channels === 0);
  for (let i = 0; i < values.length; i++) {
    const c = i % channels;
    if (c < colours && values[i] !== only[(i - c) / channels]) {
      throw new Error("it holds colours, not a number for each pixel: save it as gray or palette");
    }
  }
  return only;
}

function classes(values: Samples["values"], kind: LabelTargets): Uint8Array<ArrayBuffer> {
  const { numClasses, reduceZeroLabel } = kind;
  const first = reduceZeroLabel ? 1 : 0;
  const table = Int16Array.from({ length: 256 }, (_, value) => {
    if (value === IGNORED || value < first) return IGNORED;
    return value - first < numClasses ? value - first : -1;
  });
  const labels = new Uint8Array(values.length);
  for (let i = 0; i < values.length; i++) {
    const label = values[i] < table.length ? table[values[i]] : -1;
    if (label < 0) {
      throw new Error(
        `it holds ${values[i]}, but the ${numClasses} classes are ${first} to ${
          first + numClasses - 1
        }`,
      );
    }
    labels[i] = label;
  }
  return labels;
}

function metres(values: Samples["values"], { scale }: DepthTargets): Float32Array<ArrayBuffer> {
  const divisor = values instanceof Float32Array ? 1 : scale;
  return Float32Array.from(values, (value) => {
    if (value < 0) throw new Error(`it holds a depth of ${value}`);
    return Number.isFinite(value) ? value / divisor : 0;
  });
}
