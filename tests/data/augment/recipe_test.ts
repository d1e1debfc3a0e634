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

Deno.test("views are blurred and solarized as often as the reference really does it", () => {
  const blurred = (draw: ReturnType<typeof drawView>) => draw.sigma !== null;
  assertEquals(share("global1", blurred), 0);
  assertAlmostEquals(share("global2", blurred), 0.9, 0.02);
  assertAlmostEquals(share("local", blurred), 0.5, 0.03);
  assertEquals(share("global1", (draw) => draw.solarize), 0);
  assertAlmostEquals(share("global2", (draw) => draw.solarize), 0.2, 0.025);
  assertEquals(share("local", (draw) => draw.solarize), 0);
});

Deno.test("half the views are mirrored, four of five jittered, one of five grey", () => {
  assertAlmostEquals(share("local", (draw) => draw.flip), 0.5, 0.03);
  assertAlmostEquals(share("local", (draw) => draw.jitter !== null), 0.8, 0.025);
  assertAlmostEquals(share("local", (draw) => draw.grayscale), 0.2, 0.025);
});

Deno.test("strengths of the jitter stay in their ranges and every order comes up", () => {
  const stream = new Stream(5, "test");
  const orders = new Set<string>();
  const sigmas: number[] = [];
  for (let i = 0; i < 2000; i++) {
    const { jitter, sigma } = drawView(
      image,
      viewRecipes(config).global2,
      config.augmentation,
      stream,
    );
    if (sigma !== null) {
      assert(sigma >= 0.1 && sigma < 2);
      sigmas.push(sigma);
    }
    if (jitter === null) continue;
    const [brightness, contrast, saturation, hue] = jitter.strength;
    assert(brightness >= 0.6 && brightness < 1.4 && contrast >= 0.6 && contrast < 1.4);
    assert(saturation >= 0.8 && saturation < 1.2 && Math.abs(hue) <= 0.1);
    orders.add(Array.from(jitter.order).join());
  }
  assertEquals(orders.size, 24);
  assertAlmostEquals(Math.min(...sigmas), 0.1, 0.01);
  assertAlmostEquals(Math.max(...sigmas), 2, 0.01);
  assertAlmostEquals(sigmas.reduce((sum, sigma) => sum + sigma) / sigmas.length, 1.05, 0.05);
});

Deno.test("a jitter stronger than 1 darkens to black and never inverts, and reaches both ends of its range", () => {
  const augmentation = { ...config.augmentation, brightness: 1.5, color_jitter_p: 1 };
  const stream = new Stream(6, "test");
  const recipe = viewRecipes(config).local;
  const drawn = Array.from(
    { length: 2000 },
    () => drawView(image, recipe, augmentation, stream).jitter!.strength,
  );
  const ends = (i: number) => [
    Math.min(...drawn.map((each) => each[i])),
    Math.max(...drawn.map((each) => each[i])),
  ];
  const expected = [[0, 2.5], [0.6, 1.4], [0.8, 1.2], [-0.1, 0.1]];
  for (const [i, [low, high]] of expected.entries()) {
    const [least, greatest] = ends(i);
    assert(least >= low && greatest <= high);
    assertAlmostEquals(least, low, 0.02);
    assertAlmostEquals(greatest, high, 0.02);
  }
});

Deno.test("strengths are even over their ranges, and each order of the jitter as likely as any other", () => {
  const stream = new Stream(7, "test");
  const augmentation = { ...config.augmentation, color_jitter_p: 1 };
  const drawn = Array.from({ length: 6000 }, () => {
    return drawView(image, viewRecipes(config).local, augmentation, stream).jitter!;
  });
  const ranges = [[0.6, 1.4], [0.6, 1.4], [0.8, 1.2], [-0.1, 0.1]];
  for (const [i, [low, high]] of ranges.entries()) {
    for (const share of [0.25, 0.5, 0.75]) {
      const end = low + share * (high - low);
      const below = drawn.filter(({ strength }) => strength[i] < end).length;
      assertAlmostEquals(below / drawn.length, share, 0.025, `strength ${i}`);
    }
  }
  const counts = new Map<string, number>();
  for (const { order } of drawn) {
    const name = Array.from(order).join();
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  for (const [name, count] of counts) assertAlmostEquals(count / 6000, 1 / 24, 0.012, name);
});
