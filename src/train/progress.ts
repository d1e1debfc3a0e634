import { format } from "@std/fmt/duration";
import type { MetricsLine } from "./metrics.ts";

/** Where a run stands. */
export interface Progress {
  /** Iterations done. */
  readonly done: number;
  /** Iterations in the run. */
  readonly total: number;
  /** The smoothed values. */
  readonly metrics: MetricsLine;
  /** Images a second, each counted once whatever the number of its crops. */
  readonly imagesPerSecond: number;
  /** The most memory the run has held, in bytes. */
  readonly peakMemory: number;
}

/** One line for logs: where the run stands, time left, losses, learning rate, speed, data wait and memory. */
export function progressLine(progress: Progress): string {
  const { done, total, metrics } = progress;
  return [
    `${String(done).padStart(String(total).length)}/${total}`,
    `eta ${timeLeft(progress)}`,
    ...losses(metrics),
    `lr ${metrics.lr.toExponential(2)}`,
    `${perSecond(progress.imagesPerSecond)} images/s`,
    `data wait ${dataWait(metrics)}`,
    `memory ${memory(progress.peakMemory)}`,
  ].join("  ");
}

/**
 * The same for a terminal, with a bar.
 *
 * @param progress Where the run stands.
 * @param columns The terminal's width; the line is cut to fit.
 */
export function progressBar(progress: Progress, columns: number): string {
  const { done, total, metrics } = progress;
  const cells = Math.max(8, Math.min(24, columns - 90));
  const filled = Math.floor(cells * done / total);
  const facts = [
    `eta ${timeLeft(progress)}`,
    `loss ${metrics.total_loss.toFixed(3)}`,
    `lr ${metrics.lr.toExponential(1)}`,
    `${perSecond(progress.imagesPerSecond)} images/s`,
    `data wait ${dataWait(metrics)}`,
    memory(progress.peakMemory),
  ].join("  ");
  return `${"█".repeat(filled)}${"░".repeat(cells - filled)} ${done}/${total}  ${facts}`
    .slice(0, Math.max(1, columns - 1));
}

/** Seconds as the two largest units, such as `2m 5s`. */
export function duration(seconds: number): string {
  const whole = format(Math.round(seconds) * 1000, { ignoreZero: true });
  return whole.split(" ").slice(0, 2).join(" ") || "0s";
}

function timeLeft({ done, total, metrics }: Progress): string {
  return duration((total - done) * metrics.iter_time);
}

/** Every loss under its name without the word; the total first. */
function losses(metrics: MetricsLine): string[] {
  return Object.entries(metrics)
    .filter(([name, value]) => name.endsWith("_loss") && (name === "total_loss" || value !== 0))
    .sort(([a], [b]) => Number(b === "total_loss") - Number(a === "total_loss"))
    .map(([name, value]) =>
      `${name === "total_loss" ? "loss" : name.replace("_loss", "")} ${value.toFixed(4)}`
    );
}

function dataWait({ iter_time, data_time }: MetricsLine): string {
  return `${Math.round(100 * data_time / Math.max(iter_time, 1e-9))}%`;
}

function perSecond(rate: number): string {
  return rate < 10 ? rate.toFixed(1) : String(Math.round(rate));
}

function memory(bytes: number): string {
  return `${(bytes / 2 ** 30).toFixed(1)} GB`;
}
