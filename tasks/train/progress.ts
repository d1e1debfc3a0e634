import type { MetricsLine } from "../../src/train/metrics.ts";
import type { Progress } from "../../src/train/events.ts";
import { gigabytes } from "../../src/train/memory_estimate.ts";
import { bar, duration } from "../cli/progress.ts";

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
    `memory ${gigabytes(progress.peakMemory)}`,
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
  const facts = [
    `eta ${timeLeft(progress)}`,
    `loss ${metrics.total_loss.toFixed(3)}`,
    `lr ${metrics.lr.toExponential(1)}`,
    `${perSecond(progress.imagesPerSecond)} images/s`,
    `data wait ${dataWait(metrics)}`,
    gigabytes(progress.peakMemory),
  ].join("  ");
  return `${bar(done / total, cells)} ${done}/${total}  ${facts}`
    .slice(0, Math.max(1, columns - 1));
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
