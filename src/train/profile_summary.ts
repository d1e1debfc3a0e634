/** Where the time of some steps went, in milliseconds for each step. */
export interface ProfileSummary {
  /** Steps that were recorded. */
  readonly steps: number;
  /** How long a step took, from the end of the one before. */
  readonly perStep: number;
  /** Parts of a step on the host, in the order in which they begin, and what comes between steps. */
  readonly parts: readonly TimeSpent[];
  /** Operators on the host, by the time spent in themselves and not in operators that they call; most first. */
  readonly operators: readonly TimeSpent[];
  /** Time of a step that is spent in no operator: in TypeScript, in calls to native code, in waiting. */
  readonly outside: number;
  /** Kernels and copies on the device, most time first; none without CUDA. */
  readonly kernels: readonly TimeSpent[];
  /** Time of a step in which the device computed or copied; 0 without CUDA. */
  readonly busy: number;
}

/** Time that something took. */
export interface TimeSpent {
  /** What. */
  readonly name: string;
  /** How often in a step. */
  readonly calls: number;
  /** Milliseconds in a step. */
  readonly time: number;
}

/** An event of a trace that lasts, in microseconds. */
interface TraceEvent {
  readonly ph: string;
  readonly cat?: string;
  readonly name: string;
  readonly tid: number | string;
  readonly ts: number;
  readonly dur: number;
}

/** The name of a step's range in a trace. */
export const STEP = "step";

const ON_DEVICE = ["kernel", "gpu_memcpy", "gpu_memset"];

/**
 * Sums up a trace of libtorch's profiler.
 *
 * @param trace Its JSON, in which each step is a range called {@linkcode STEP}.
 * @throws {Error} If there is no step in it.
 */
export function summarizeTrace(trace: string): ProfileSummary {
  const all = (JSON.parse(trace).traceEvents as TraceEvent[]).filter(({ ph }) => ph === "X");
  const of = (...categories: string[]) => all.filter(({ cat }) => categories.includes(cat!));
  const ranges = of("user_annotation").sort(byBeginning);
  const stepRanges = ranges.filter(({ name }) => name === STEP);
  const steps = stepRanges.length;
  if (steps === 0) throw new Error("Cannot summarise a trace without steps");
  const perStep = (sum: number) => sum / 1000 / steps;
  const spent = (events: readonly { name: string; time: number }[]): TimeSpent[] =>
    Array.from(Map.groupBy(events, ({ name }) => name), ([name, group]) => ({
      name,
      calls: group.length / steps,
      time: perStep(group.reduce((sum, { time }) => sum + time, 0)),
    }));
  const byTime = (a: TimeSpent, b: TimeSpent) => b.time - a.time;
  const operators = of("cpu_op");
  const kernels = of(...ON_DEVICE);
  const last = stepRanges[steps - 1];
  const wall = last.ts + last.dur - Math.min(...of("Trace").map(({ ts }) => ts));
  const between = wall - covered(stepRanges);
  const onMain = operators.filter(({ tid }) => tid === last.tid);
  return {
    steps,
    perStep: perStep(wall),
    parts: [
      ...spent(partsOf(ranges).map(({ name, dur }) => ({ name, time: dur }))),
      { name: "between steps, waiting for crops", calls: 1, time: perStep(between) },
    ],
    operators: spent(selfTimes(operators)).sort(byTime),
    outside: perStep(wall - covered(onMain)),
    kernels: spent(kernels.map(({ name, dur }) => ({ name, time: dur }))).sort(byTime),
    busy: perStep(covered(kernels)),
  };
}

function byBeginning(a: TraceEvent, b: TraceEvent): number {
  return a.ts - b.ts || b.dur - a.dur;
}

/** The ranges directly within steps. */
function partsOf(ranges: readonly TraceEvent[]): TraceEvent[] {
  const parts: TraceEvent[] = [];
  let end = -Infinity; // of the part that is under way
  for (const range of ranges) {
    if (range.name === STEP || range.ts < end) continue;
    parts.push(range);
    end = range.ts + range.dur;
  }
  return parts;
}

/** Each event's time without that of the events within it, thread by thread. */
function selfTimes(events: readonly TraceEvent[]): { name: string; time: number }[] {
  return [...Map.groupBy(events, ({ tid }) => tid).values()].flatMap((thread) => {
    const open: { readonly end: number; readonly name: string; time: number }[] = [];
    return thread.toSorted(byBeginning).map(({ name, ts, dur }) => {
      while (open.length > 0 && open.at(-1)!.end <= ts) open.pop();
      const own = { name, end: ts + dur, time: dur };
      if (open.length > 0) open.at(-1)!.time -= dur;
      open.push(own);
      return own;
    });
  });
}

/** Microseconds in which at least one of the events was under way. */
function covered(events: readonly TraceEvent[]): number {
  let total = 0, end = -Infinity;
  for (const { ts, dur } of events.toSorted(byBeginning)) {
    total += Math.max(0, ts + dur - Math.max(ts, end));
    end = Math.max(end, ts + dur);
  }
  return total;
}
