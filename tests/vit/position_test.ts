import { assert } from "@std/assert";
import { interpolatePositions, type PositionOptions } from "../../src/vit/position.ts";
import type { Tensor } from "../../src/tensor/tensor.ts";
import { assertClose, filled, testTensor } from "../helpers.ts";

/** One channel over a 37 x 37 grid, sin(0.3 row) + cos(0.2 column). */
function table(): Tensor {
  return filled(
    [1, 37 * 37, 1],
    (k) => Math.sin(0.3 * Math.floor(k / 37)) + Math.cos(0.2 * (k % 37)),
    {
      dtype: "float32",
    },
  );
}

const offset: PositionOptions = {};
const size: PositionOptions = { interpolateOffset: 0 };
const antialias: PositionOptions = { interpolateOffset: 0, interpolateAntialias: true };

// Corners, an inner point at (rows / 2, columns / 3), and the sum, as the reference computes them.
const reference: [string, [number, number], PositionOptions, number[], number][] = [
  ["offset", [16, 16], offset, [1.160256, 0.898094, -1.300425, -0.171430], 58.2563],
  ["size", [16, 16], size, [1.162381, 0.862873, -1.273674, -0.239068], 56.9549],
  ["antialias", [16, 16], antialias, [1.199805, 0.926320, -1.275660, -0.195262], 57.5793],
  ["offset", [7, 7], offset, [1.509566, 1.523710, -1.635827, 0.360340], 11.8826],
  ["antialias", [7, 7], antialias, [1.487557, 1.496666, -1.538606, 0.317257], 11.7651],
  ["offset", [32, 24], offset, [1.014495, 0.676415, -1.477171, -0.308600], 171.9677],
  ["antialias", [32, 24], antialias, [1.022816, 0.680887, -1.463625, -0.320109], 170.8836],
  ["offset", [46, 46], offset, [0.983429, 0.588641, -1.422204, -0.375873], 473.0635],
  ["antialias", [46, 46], antialias, [0.988299, 0.589625, -1.423788, -0.383063], 469.7712],
];

for (const [mode, grid, options, values, sum] of reference) {
  testTensor(
    `positions for ${grid.join(" x ")} patches are the reference's in ${mode} mode`,
    () => {
      const [rows, columns] = grid;
      const out = interpolatePositions(table(), grid, options).reshape([rows, columns]);
      const at = (r: number, c: number) => out.select(0, r).select(0, c);
      const points = [
        at(0, 0),
        at(0, columns - 1),
        at(Math.floor(rows / 2), Math.floor(columns / 3)),
        at(rows - 1, columns - 1),
      ];
      assertClose(points, values, { atol: 2e-6 });
      assertClose(out.sum(), sum, { atol: 1e-3 });
    },
  );
}

testTensor("a grid with as many patches as the table but of another shape is resized", () => {
  // PyTorch's corners, the point in row 1 and column 2, and the sum.
  const small = () =>
    filled([1, 16, 1], (k) => Math.sin(0.3 * Math.floor(k / 4)) + Math.cos(0.2 * (k % 4)), {
      dtype: "float32",
    });
  const expected: [PositionOptions, number[], number][] = [
    [offset, [1.111435, 0.925387, 1.660188, 1.485011], 21.159779],
    [size, [1.124632, 0.937769, 1.690021, 1.514454], 21.485142],
    [antialias, [1.175839, 0.990970, 1.642230, 1.470586], 21.524116],
  ];
  for (const [options, values, sum] of expected) {
    const out = interpolatePositions(small(), [2, 8], options).reshape([16]);
    assertClose([0, 7, 10, 15].map((i) => out.select(0, i)), values, { atol: 2e-6 });
    assertClose(out.sum(), sum, { atol: 1e-4 });
  }
});

testTensor("the table's own grid is used as it is", () => {
  const positions = table();
  assert(interpolatePositions(positions, [37, 37]) === positions);
});

testTensor("positions keep the table's type although they are resized in float32", () => {
  const positions = table().to({ dtype: "float64" });
  const out = interpolatePositions(positions, [16, 16]);
  assert(out.dtype === "float64");
  assertClose(out, interpolatePositions(table(), [16, 16]));
});

testTensor("gradients reach the table through the resizing", () => {
  const small = filled([1, 9, 2], (k) => Math.sin(0.9 * k));
  for (const options of [offset, size, antialias]) {
    // Resizing is linear, so that float32 inside still gives exact differences over a long step.
    gradCheckLinear((x) => interpolatePositions(x, [4, 2], options), small);
  }
});

function gradCheckLinear(f: (x: Tensor) => Tensor, x: Tensor): void {
  const leaf = x.detach().clone();
  leaf.requiresGrad = true;
  const weights = filled(f(x).shape, (k) => Math.cos(k));
  f(leaf).mul(weights).sum().backward();
  const direction = filled(x.shape, (k) => Math.sin(2 * k));
  const change = f(x.add(direction)).sub(f(x)).mul(weights).sum();
  assertClose(leaf.grad!.mul(direction).sum(), change, { atol: 1e-5 });
}
