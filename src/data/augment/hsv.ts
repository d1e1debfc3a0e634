import { tensor, where } from "../../tensor/create.ts";
import type { Tensor } from "../../tensor/tensor.ts";

/**
 * Hue, saturation and value of images `[n, 3, H, W]`, each `[n, 1, H, W]` in whole numbers from 0 to 255, as Pillow
 * computes them.
 */
export function toHsv(images: Tensor): [hue: Tensor, saturation: Tensor, value: Tensor] {
  const most = images.amax(1, { keepdim: true });
  const chroma = most.sub(images.amin(1, { keepdim: true }));
  // Grey has no hue and no saturation: a divisor of 1 leaves both at 0.
  const divisor = chroma.clamp({ min: 1 });
  const [r, g, b] = most.sub(images).div(divisor).split([1, 1, 1], 1);
  const [red, green] = images.eq(most).split([1, 1, 1], 1);
  const sector = where(red, b.sub(g), where(green, r.sub(b).add_(2), g.sub(r).add_(4)));
  const hue = sector.div(6).add_(1).remainder(1).mul_(255).floor_();
  const saturation = chroma.mul(255).div_(most.clamp({ min: 1 })).floor_();
  return [hue, saturation, most];
}

/**
 * The image of hue, saturation and value as {@linkcode toHsv} gives them, `[n, 3, H, W]`. Each channel is the value, less
 * what the hue's distance from it takes away.
 */
export function fromHsv(hue: Tensor, saturation: Tensor, value: Tensor): Tensor {
  const offsets = tensor([5, 3, 1], { shape: [1, 3, 1, 1], device: hue.device });
  const k = hue.mul(6 / 255).add(offsets).remainder(6); // [n, 3, H, W]
  const distance = k.minimum(k.neg().add_(4)).clamp_({ min: 0, max: 1 });
  return value.sub(distance.mul_(saturation).mul_(value).div_(255)).round_();
}
