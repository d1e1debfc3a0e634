import { assertEquals, assertThrows } from "@std/assert";
import { PatchEmbed } from "../../src/vit/patch_embed.ts";
import { Generator } from "../../src/tensor/random.ts";
import { zeros } from "../../src/tensor/create.ts";
import { assertClose, filled, testTensor } from "../helpers.ts";

testTensor("patches are taken row by row", () => {
  using embed = new PatchEmbed(2, 1, { inChans: 1 });
  embed.loadStateDict({
    "proj.weight": filled([1, 1, 2, 2], (k) => k === 0 ? 1 : 0),
    "proj.bias": filled([1], () => 0.5),
  });
  const images = filled([1, 1, 4, 6], (k) => k, { dtype: "float32" });
  assertClose(embed.forward(images), [0, 2, 4, 12, 14, 16].map((k) => k + 0.5));
  assertEquals(embed.forward(images).shape, [1, 6, 1]);
});

testTensor("weights and biases start uniform within the inverse root of a patch's values", () => {
  using generator = new Generator(0);
  using embed = new PatchEmbed(14, 64, { generator });
  const bound = 1 / Math.sqrt(3 * 14 ** 2);
  for (const values of embed.parameters()) {
    assertClose(values.abs().max(), bound, { rtol: 0.05 });
    assertClose(values.std(), bound / Math.sqrt(3), { rtol: 0.2 });
  }
});

testTensor("images that are not whole patches are refused with sizes that would do", () => {
  using embed = new PatchEmbed(14, 8);
  const error = assertThrows(() => embed.grid(zeros([1, 3, 96, 98]).shape), TypeError);
  assertEquals(
    error.message,
    "Cannot cut images of 96 x 98 pixels into patches of 14: both sides must be multiples of 14, " +
      "such as 84 or 98",
  );
});

testTensor("images of another number of channels are refused", () => {
  using embed = new PatchEmbed(2, 8);
  const error = assertThrows(() => embed.grid([1, 1, 4, 4]), TypeError);
  assertEquals(
    error.message,
    "Cannot embed images of shape [1, 1, 4, 4]: expected [batch, 3, height, width]",
  );
});
