import { assertEquals, assertThrows } from "@std/assert";
import { decodeImage } from "../../src/data/codec/decode.ts";
import { full, tensor } from "../../src/tensor/create.ts";
import { liveTensors, scope } from "../../src/tensor/scope.ts";
import { captioned } from "../../src/visualize/caption.ts";
import { colorize } from "../../src/visualize/color_map.ts";
import { heatMap, rangeOf } from "../../src/visualize/heat_map.ts";
import { magnify } from "../../src/visualize/magnify.ts";
import { encodePng } from "../../src/visualize/png.ts";
import { contactSheet } from "../../src/visualize/contact_sheet.ts";
import { assertClose, filled, testTensor } from "../helpers.ts";

testTensor("pictures of any sizes lie on white, row by row", () => {
  const black = (height: number, width: number) => full([3, height, width], 0, { dtype: "uint8" });
  const whole = contactSheet([[black(2, 3), black(4, 1)], [black(1, 5)]]);
  assertEquals(whole.shape, [3, 4 + 1 + 3 * 6, 3 + 1 + 3 * 6]);
  const ink = whole.select(0, 0).eq(0).to({ dtype: "int64" });
  assertEquals(ink.sum().item(), 2 * 3 + 4 + 5);
  assertEquals(ink.narrow(0, 6, 4).narrow(1, 15, 1).sum().item(), 4);
  assertEquals(ink.narrow(0, 16, 1).narrow(1, 6, 5).sum().item(), 5);
});

testTensor("a sheet beyond all measure is refused", () => {
  const wide = full([1, 1, 1], 0, { dtype: "uint8" }).expand([3, 14_000, 14_000]);
  assertThrows(
    () => contactSheet([[wide]]),
    RangeError,
    "Cannot draw a contact sheet of 14012 x 14012 pixels",
  );
  const least = full([1, 1, 1], 0, { dtype: "uint8" }).expand([3, 13_378 - 12, 13_378 - 12]);
  assertThrows(() => contactSheet([[least]]), RangeError, "show fewer or smaller images");
});

Deno.test("a PNG file holds the picture bit for bit", async () => {
  const before = liveTensors();
  const bytes = scope(() => {
    const values = filled([3, 5, 7], (k) => (37 * k) % 256).to({ dtype: "uint8" });
    return new Uint8Array(encodePng(values));
  });
  const { width, height, pixels } = await decodeImage(bytes);
  assertEquals([width, height], [7, 5]);
  assertEquals(pixels.length, 3 * 5 * 7);
  const at = (channel: number, row: number, column: number) =>
    pixels[3 * (7 * row + column) + channel];
  assertEquals(at(1, 2, 3), (37 * (35 + 2 * 7 + 3)) % 256);
  assertEquals(at(2, 4, 6), (37 * 104) % 256);
  assertEquals(liveTensors(), before);
});

testTensor("magnified elements are blocks", () => {
  assertEquals(magnify(tensor([[1, 2]]), [2, 3]).toList(), [[1, 1, 1, 2, 2, 2], [
    1,
    1,
    1,
    2,
    2,
    2,
  ]]);
});

testTensor(
  "lightness rises with the number, and what lies outside takes the nearest colour",
  () => {
    const colors = colorize(tensor([Array.from({ length: 64 }, (_, i) => i / 63)])); // [3, 1, 64]
    const light = colors.to({ dtype: "float32" })
      .mul(tensor([0.2126, 0.7152, 0.0722], { shape: [3, 1, 1] })).sum(0);
    assertEquals(light.narrow(1, 1, 63).gt(light.narrow(1, 0, 63)).all().item(), 1);
    const fine = colorize(tensor([Array.from({ length: 2048 }, (_, i) => i / 2047)]));
    const shown = new Set((fine.squeeze(1).t().toList() as number[][]).map(String));
    assertEquals(shown.size, 256, "as many colours as bytes can tell apart");
    const [ends] = colorize(tensor([[-2, 0, 1, 3]])).unbind(0);
    assertEquals(ends.toList(), [[6, 6, 254, 254]]);
  },
);

testTensor(
  "a heat map goes from the first colour at the least value to the last at the greatest",
  () => {
    const picture = full([3, 8, 16], 100, { dtype: "uint8" });
    const { heat, overlay } = heatMap(tensor([[2, 5]]), picture);
    assertEquals([heat.shape, overlay.shape], [[3, 8, 16], [3, 8, 16]]);
    const corner = (image: typeof heat, column: number) => image.select(2, column).select(1, 0);
    assertClose(corner(heat, 0), [6, 6, 32]);
    assertClose(corner(heat, 15), [254, 252, 196]);
    assertClose(corner(overlay, 15), [254, 252, 196].map((v) => Math.round(100 + 0.6 * (v - 100))));
    // With a given range the same values take other colours; values all alike take the first.
    assertClose(corner(heatMap(tensor([[2, 5]]), picture, [5, 9]).heat, 15), [6, 6, 32]);
    assertClose(corner(heatMap(tensor([[4, 4]]), picture).heat, 7), [6, 6, 32]);
  },
);

testTensor("between the middles of patches heat changes evenly, and beyond them not at all", () => {
  const picture = full([3, 1, 8], 0, { dtype: "uint8" });
  const { heat } = heatMap(tensor([[2, 5]]), picture); // patches of four pixels
  const shares = [0, 0, 1 / 8, 3 / 8, 5 / 8, 7 / 8, 1, 1];
  assertClose(heat, colorize(tensor([shares])), { atol: 0 });
});

testTensor("a number stands under the picture in digits of dots", () => {
  const picture = full([3, 4, 56], 9, { dtype: "uint8" });
  const whole = captioned(picture, -0.174);
  assertEquals(whole.shape, [3, 4 + 4 + 10, 56]);
  const dots = whole.select(0, 0).slice(0, 8, 18, 2).slice(1, 0, 56, 2).eq(0)
    .toList() as number[][];
  assertEquals(dots.map((row) => row.map((dot) => dot ? "#" : " ").join("").trimEnd()), [
    "    ###      #  ###",
    "    # #     ##    #",
    "### # #      #    #",
    "    # #      #   #",
    "    ###  #  ###  #",
  ]);
  assertEquals(captioned(full([3, 4, 5], 9, { dtype: "uint8" }), 0.5).shape, [3, 18, 5]);
});

testTensor("the nine stops of the colours are evenly apart, with straight lines between", () => {
  // As recorded: from night blue over violet, red and orange to pale yellow.
  const stops = [
    ...[[6, 6, 32], [44, 16, 92], [96, 24, 122], [148, 38, 114], [200, 58, 82]],
    ...[[234, 96, 48], [248, 148, 32], [252, 206, 72], [254, 252, 196]],
  ];
  for (let place = 0; place < 256; place++) {
    const below = Math.min(7, Math.floor(place * 8 / 255)), share = place * 8 / 255 - below;
    const right = stops[below].map((value, c) =>
      Math.round(value + share * (stops[below + 1][c] - value))
    );
    assertEquals(colorize(tensor([[place / 255]])).flatten().toList(), right);
  }
});

testTensor("the range of several maps is that of all", () => {
  const maps = [tensor([[2, 5]]), tensor([[-1, 3]]), tensor([[0, 9]])];
  assertEquals(rangeOf(maps), [-1, 9]);
});

testTensor("all digits can be read", () => {
  const lines = ["23.45", "67.89", "10.00"].map((value) => {
    const ink = captioned(full([3, 1, 40], 0, { dtype: "uint8" }), Number(value));
    const dots = ink.select(0, 0).slice(0, 5, 15, 2).slice(1, 0, 40, 2).eq(0)
      .toList() as number[][];
    return dots.map((row) => row.map((dot) => dot ? "#" : ".").join("").slice(0, 19));
  });
  assertEquals(lines, [
    [
      "###.###.....#.#.###",
      "..#...#.....#.#.#..",
      "###..##.....###.###",
      "#.....#.......#...#",
      "###.###..#....#.###",
    ],
    [
      "###.###.....###.###",
      "#.....#.....#.#.#.#",
      "###...#.....###.###",
      "#.#..#......#.#...#",
      "###..#...#..###.###",
    ],
    [
      ".#..###.....###.###",
      "##..#.#.....#.#.#.#",
      ".#..#.#.....#.#.#.#",
      ".#..#.#.....#.#.#.#",
      "###.###..#..###.###",
    ],
  ]);
});
