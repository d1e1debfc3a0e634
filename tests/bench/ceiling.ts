import { empty, ones } from "../../src/tensor/create.ts";
import { type Device, synchronize } from "../../src/tensor/device.ts";
import type { DType } from "../../src/tensor/dtype.ts";
import { randn } from "../../src/tensor/random.ts";
import { scope } from "../../src/tensor/scope.ts";

const ROUNDS = 5;
const SIDE = { cpu: 1024, cuda: 8192 };
const BYTES = { cpu: 2 ** 28, cuda: 2 ** 32 };
/** In place of both where figures mean nothing. */
const TINY = { side: 128, bytes: 2 ** 20 };

/** Floating-point operations a second in a large matrix product: no network does more. */
export function productSpeed(device: Device, dtype: DType, isTiny = false): number {
  const side = isTiny ? TINY.side : SIDE[kind(device)];
  return scope(() => {
    const a = randn([side, side], { device }).to({ dtype }); // equal numbers would take less power, and so less time
    return 2 * side ** 3 / best(device, () => a.matmul(a));
  });
}

/** Bytes a second that a large copy within the device reads and writes. */
export function copySpeed(device: Device, isTiny = false): number {
  const bytes = (isTiny ? TINY.bytes : BYTES[kind(device)]) / 2;
  return scope(() => {
    const [from, to] = [ones([bytes / 4], { device }), empty([bytes / 4], { device })];
    return 2 * bytes / best(device, () => to.copy_(from));
  });
}

function kind(device: Device): "cpu" | "cuda" {
  return device === "cpu" ? "cpu" : "cuda";
}

/** Seconds, the best of several rounds after one that warms up. */
function best(device: Device, body: () => unknown): number {
  const rounds = Array.from({ length: ROUNDS + 1 }, () => {
    synchronize(device);
    const began = performance.now();
    scope(() => void body());
    synchronize(device);
    return (performance.now() - began) / 1000;
  });
  return Math.min(...rounds.slice(1));
}
