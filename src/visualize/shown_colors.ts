import { cat } from "../tensor/create.ts";
import { scope } from "../tensor/scope.ts";
import type { Tensor } from "../tensor/tensor.ts";

/**
 * Images of any channels as people see them: gray for one or two channels, of which the second is alpha; otherwise the
 * first three as red, green and blue.
 *
 * @param images `[..., C, H, W]`, from 0 to 255 in any type.
 * @returns `[..., 3, H, W]`, uint8.
 */
export function shownColors(images: Tensor): Tensor {
  return scope(() => {
    const dim = images.shape.length - 3;
    const gray = images.narrow(dim, 0, 1);
    const colors = images.shape[dim] < 3 ? cat([gray, gray, gray], dim) : images.narrow(dim, 0, 3);
    if (colors.dtype === "uint8") return colors;
    return colors.round().clamp({ min: 0, max: 255 }).to({ dtype: "uint8" });
  });
}
