import { STEP } from "../../src/train/profile_summary.ts";

/** Kinds of kernels and operators, by what their names hold. The first that fits counts. */
const FAMILIES: readonly (readonly [family: string, names: RegExp])[] = [
  ["attention", /flash|fmha|attention|sdpa/i],
  ["products", /gemm|nvjet|cutlass|cublas|splitk|addmm|bmm|::mm\b|::matmul|convolution|conv2d/i],
  ["optimiser and moving average", /multi_tensor|foreach|adam/i],
  ["norms", /layer_?norm|gammabeta|weight_norm/i],
  ["softmax", /softmax/i],
  ["copies", /memcpy|memset|cat|copy|contiguous|clone|fill|zero/i],
  ["rows taken and put back", /index|gather|scatter/i],
  ["sums and other reductions", /reduce|::sum|::mean|::max|::argmax|norm/i],
  ["element by element", /elementwise|::(add|sub|mul|div|gelu|exp|log|pow|sqrt|where|clamp|neg)/i],
];

/** The kind of a kernel of CUDA or an operator of libtorch. */
export function familyOf(name: string): string {
  return FAMILIES.find(([, names]) => names.test(name))?.[0] ?? "other";
}

/** Calls of CUDA that return once the device has come so far. Values are read by one of them, after a copy. */
const WAITS = /^cuda(Stream|Device|Event)Synchronize$/;

/** How often the host waits for the device in a step of a trace. */
export function countWaits(trace: string): number {
  const events: { ph: string; cat?: string; name: string; ts: number; dur: number }[] = JSON.parse(
    trace,
  ).traceEvents.filter(({ ph }: { ph: string }) => ph === "X");
  const steps = events.filter(({ name, cat }) => name === STEP && cat === "user_annotation");
  const waits = events.filter(({ name, ts }) =>
    WAITS.test(name) && steps.some((step) => ts >= step.ts && ts < step.ts + step.dur)
  );
  return waits.length / steps.length;
}
