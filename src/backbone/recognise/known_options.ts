import { architectures } from "../../vit/architectures.ts";
import type { NonInferableOptions } from "../../vit/infer_options.ts";
import { isCount, isRecord } from "../../files/header_validation.ts";

/** Ways to interpolate the table of positions; see {@linkcode positionOptions}. */
export const positionRules = ["reference", "hf", "timm"] as const;

/** One of {@linkcode positionRules}. */
export type PositionRule = typeof positionRules[number];

/**
 * How a library resizes the table of positions for images of another size: the reference with an offset, or antialiased
 * where there are registers; Hugging Face without an offset; timm always antialiased.
 *
 * @param rule Whose interpolation.
 * @param hasRegisters Whether the network has registers.
 */
export function positionOptions(
  rule: PositionRule,
  hasRegisters: boolean,
): Pick<NonInferableOptions, "interpolateOffset" | "interpolateAntialias"> {
  return {
    interpolateOffset: rule === "reference" && !hasRegisters ? 0.1 : 0,
    interpolateAntialias: rule === "timm" || hasRegisters,
  };
}

/**
 * What a file says about its network beyond the shapes of weights: the configuration of a run, or what an export noted.
 *
 * @param state The file's words about itself.
 */
export function knownOptions(state: Readonly<Record<string, unknown>>): NonInferableOptions {
  const config = isRecord(state.config) ? state.config : {};
  const { arch, num_heads, interpolate_offset: offset, interpolate_antialias: antialias } = {
    ...(isRecord(config.student) ? config.student : {}),
    ...(isRecord(state.backbone) ? state.backbone : {}),
  };
  const architecture = Object.entries(architectures).find(([name]) => name === arch)?.[1];
  return {
    numHeads: isCount(num_heads) && num_heads > 0 ? num_heads : architecture?.numHeads,
    interpolateOffset: typeof offset === "number" ? offset : undefined,
    interpolateAntialias: typeof antialias === "boolean" ? antialias : undefined,
  };
}
