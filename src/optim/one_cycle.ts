import type { Schedule } from "./schedules.ts";

const OUTER = 0.95;
const INNER = 0.85;
const TURN = 0.3;

/**
 * The momentum of a one-cycle policy: from 0.95 by half a cosine down to 0.85 in the first 30 % of the iterations, and
 * by another one up again, while the learning rate goes the other way.
 *
 * Source: `mmcv/runner/hooks/momentum_updater.py`, `OneCycleMomentumUpdaterHook`;
 * [Smith and Topin 2017](https://arxiv.org/abs/1708.07120).
 *
 * @param total Length of the whole in iterations.
 */
export function oneCycleMomentum(total: number): Schedule {
  const [turn, end] = [TURN * total - 1, total - 1];
  const between = (from: number, to: number, share: number) =>
    to + 0.5 * (from - to) * (1 + Math.cos(Math.PI * Math.min(1, Math.max(0, share))));
  return (iteration) =>
    iteration <= turn
      ? between(OUTER, INNER, iteration / turn)
      : between(INNER, OUTER, (iteration - turn) / (end - turn));
}
