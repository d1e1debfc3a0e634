import { assertEquals } from "@std/assert";
import { applyViews } from "../../../src/data/augment/apply_view.ts";
import {
  adjustBrightness,
  adjustContrast,
  solarize,
} from "../../../src/data/augment/color_operations.ts";
import type { ViewDraw } from "../../../src/data/augment/recipe.ts";
import { gaussianBlur } from "../../../src/data/augment/gaussian_blur.ts";
import { tensor } from "../../../src/tensor/create.ts";
import { filled, testTensor } from "../../helpers.ts";

const nothing: ViewDraw = {
  box: { top: 0, left: 0, height: 1, width: 1 },
  flip: false,
  jitter: null,
  grayscale: false,
  sigma: null,
  solarize: false,
};

const pixels = () => filled([1, 3, 8, 8], (k) => (k * 53) % 256, { dtype: "float32" });

testTensor("a view that drew nothing stays as it is, whatever the others drew", () => {
  const views = pixels().repeat([2, 1, 1, 1]);
  applyViews(views, [nothing, {
    ...nothing,
    flip: true,
    grayscale: true,
    solarize: true,
    sigma: 1,
  }]);
  assertEquals(views.select(0, 0).toArray(), pixels().toArray());
});

testTensor("the operations of the jitter happen in the order drawn", () => {
  const [bright, contrast] = [1.4, 0.6].map((value) => tensor([value], { shape: [1, 1, 1, 1] }));
  const strength = [1.4, 0.6, 1, 0];
  const after = (order: number[]) => {
    const views = pixels();
    applyViews(views, [{ ...nothing, jitter: { order, strength } }]);
    return views.toArray();
  };
  // Saturation by 1 and hue by 0 change nothing but what 8-bit HSV rounds, so they come first.
  const start = pixels();
  applyViews(start, [{ ...nothing, jitter: { order: [2, 3, 0, 1], strength: [1, 1, 1, 0] } }]);
  assertEquals(
    after([2, 3, 0, 1]),
    adjustContrast(adjustBrightness(start.clone(), bright), contrast).toArray(),
  );
  assertEquals(
    after([2, 3, 1, 0]),
    adjustBrightness(adjustContrast(start.clone(), contrast), bright).toArray(),
  );
});

testTensor("a flip comes before grey and grey before solarization", () => {
  const views = pixels();
  applyViews(views, [{ ...nothing, flip: true, grayscale: true, solarize: true }]);
  const [r, g, b] = [0, 1, 2].map((channel) =>
    pixels().select(1, channel).select(1, 0).select(1, 7).item()
  );
  const grey = (19595 * r + 38470 * g + 7471 * b + 32768) >> 16;
  assertEquals(views.select(1, 0).select(1, 0).select(1, 0).item(), grey < 128 ? grey : 255 - grey);
});

testTensor("a view that drew both is blurred before it is solarized", () => {
  const views = pixels();
  applyViews(views, [{ ...nothing, sigma: 1, solarize: true }]);
  const sigma = tensor([1], { shape: [1, 1, 1, 1] });
  assertEquals(views.toArray(), solarize(gaussianBlur(pixels(), sigma)).toArray());
});

testTensor(
  "a strength of 0 is one too: without light all is black, without saturation gray",
  () => {
    const jittered = (strength: number[]) => {
      const views = pixels();
      applyViews(views, [{ ...nothing, jitter: { order: [0, 1, 2, 3], strength } }]);
      return views;
    };
    assertEquals(jittered([0, 1, 1, 0]).ne(0).sum().item(), 0);
    const gray = jittered([1, 1, 0, 0]);
    assertEquals(gray.ne(gray.narrow(1, 0, 1)).sum().item(), 0);
    const even = jittered([1, 0, 1, 0]);
    assertEquals(even.ne(even.narrow(2, 0, 1).narrow(3, 0, 1)).sum().item(), 0, "without contrast");
  },
);
