import type { Tensor } from "../tensor/tensor.ts";

/**
 * The output of a vision transformer for a batch of images; the reference's dictionary in
 * camelCase.
 */
export interface Features {
  /** The class token after the final norm, `[B, D]`: one vector per image. */
  xNormClstoken: Tensor;
  /** The register tokens after the final norm, `[B, R, D]`. */
  xNormRegtokens: Tensor;
  /** The patch tokens after the final norm, `[B, N, D]`, row by row. */
  xNormPatchtokens: Tensor;
  /** Every token before the final norm, `[B, 1 + R + N, D]`: class, registers, patches. */
  xPrenorm: Tensor;
  /** The mask that was given, `[B, N]`. */
  masks: Tensor | null;
}

/** The output of one block as features. */
export interface IntermediateLayer {
  /** Patch tokens, `[B, N, D]`, or `[B, D, rows, columns]` when reshaped. */
  patches: Tensor;
  /** The class token, `[B, D]`. */
  cls: Tensor;
}

/** How the heads of a class token spread their attention; the three parts of a row sum to 1. */
export interface ClsAttention {
  /** On the class token itself, `[B, H]`. */
  cls: Tensor;
  /** On the register tokens, `[B, H, R]`. */
  registers: Tensor;
  /** On the patches, `[B, H, N]`, row by row. */
  patches: Tensor;
}
