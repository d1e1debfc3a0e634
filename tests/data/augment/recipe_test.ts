import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { resolveConfig } from "../../../src/config/resolve.ts";
import { drawView, viewRecipes } from "../../../src/data/augment/recipe.ts";
import { Stream } from "../../../src/random/stream.ts";

const config = resolveConfig();
const image = { pixels: new Uint8Array(32 * 32 * 3), width: 32, height: 32 };

/** The share of draws of a view of which something holds. */
function share(
  view: "global1" | "global2" | "local",
  holds: (draw: ReturnType<typeof drawView>) => boolean,
): number {
  const stream = new Stream(0, "test", view);
  const recipe = viewRecipes(config)[view];
  let count = 0;
  for (let i = 0; i < 4000; i++) {
    if (holds(drawView(image, recipe, config.augmentation, stream))) count++;
  }
  return count / 4000;
}

Deno.test("Views are blurred and solarized as often as the reference really does it", () => {
  const blurred = (draw: ReturnType<typeof drawView>) => draw.sigma !== null;
  assertEquals(share("global1", blurred), 0);
  assertAlmostEquals(share("global2", blurred), 0.9, 0.02);
  assertAlmostEquals(share("local", blurred), 0.5, 0.03);
  assertEquals(share("global1", (draw) => draw.solarize), 0);
  assertAlmostEquals(share("global2", (draw) => draw.solarize), 0.2, 0.025);
  assertEquals(share("local", (draw) => draw.solarize), 0);
});

Deno.test("Half the views are mirrored, four of five jittered, one of five grey", () => {
  assertAlmostEquals(share("local", (draw) => draw.flip), 0.5, 0.03);
  assertAlmostEquals(share("local", (draw) => draw.jitter !== null), 0.8, 0.025);
  assertAlmostEquals(share("local", (draw) => draw.grayscale), 0.2, 0.025);
});

Deno.test("Strengths of the jitter stay in their ranges and every order comes up", () => {
  const stream = new Stream(5, "test");
  const orders = new Set<string>();
  for (let i = 0; i < 2000; i++) {
    const { jitter, sigma } = drawView(
      image,
      viewRecipes(config).global2,
      config.augmentation,
      stream,
    );
    if (sigma !== null) assert(sigma >= 0.1 && sigma < 2);
    if (jitter === null) continue;
    const [brightness, contrast, saturation, hue] = jitter.strength;
    assert(brightness >= 0.6 && brightness < 1.4 && contrast >= 0.6 && contrast < 1.4);
    assert(saturation >= 0.8 && saturation < 1.2 && Math.abs(hue) <= 0.1);
    orders.add(Array.from(jitter.order).join());
  }
  assertEquals(orders.size, 24);
});
