import { onDevice } from "../tensor/device.ts";
import type { VisionTransformerOptions } from "./options.ts";
import { VisionTransformer } from "./vision_transformer.ts";

/**
 * The names and shapes of a vision transformer's parameters, in checkpoint order. The model is built without memory.
 *
 * @param options The model's options.
 * @returns Shapes by checkpoint name.
 * @throws {RangeError} If no model has these options.
 */
export function parameterShapes(
  options: VisionTransformerOptions,
): Record<string, readonly number[]> {
  using vit = onDevice("meta", () => new VisionTransformer(options));
  return Object.fromEntries(
    Array.from(vit.namedParameters(), ([name, { shape }]) => [name, shape]),
  );
}

/** The number of values in all parameters. */
export function countParameters(options: VisionTransformerOptions): number {
  using vit = onDevice("meta", () => new VisionTransformer(options));
  return vit.numel;
}
