import { counted } from "../../src/files/quoted.ts";
import type { ProfileSummary, TimeSpent } from "../../src/train/profile_summary.ts";

/** Rows of a table of operators. */
const ROWS = 12;
/** Columns of a name. */
const WIDTH = 48;

/**
 * Where the time of a step went, as tables.
 *
 * @param summary What was recorded.
 * @param path The trace.
 */
export function profileLines(summary: ProfileSummary, path: string): string[] {
  const { steps, perStep, parts, operators, outside, kernels, busy } = summary;
  const percent = (time: number) => `${(100 * time / perStep).toFixed(1)} %`.padStart(8);
  const row = ({ name, calls, time }: TimeSpent) =>
    `  ${shortened(name).padEnd(WIDTH)} ${calls.toFixed(calls % 1 === 0 ? 0 : 1).padStart(7)} ` +
    `${time.toFixed(2).padStart(10)} ${percent(time)}`;
  const head = (title: string) =>
    `${title.padEnd(WIDTH + 2)} ${"calls".padStart(7)} ${"ms/step".padStart(10)} ${
      "share".padStart(8)
    }`;
  const table = (title: string, rows: readonly TimeSpent[]) => {
    const rest = rows.slice(ROWS);
    const calls = rest.reduce((sum, each) => sum + each.calls, 0);
    const time = rest.reduce((sum, each) => sum + each.time, 0);
    const others = rest.length > 0 ? [row({ name: `${rest.length} others`, calls, time })] : [];
    return [head(title), ...rows.slice(0, ROWS).map(row), ...others];
  };
  return [
    `Profile of ${counted(steps, "step")} of ${
      perStep.toFixed(1)
    } ms: ${path}, which ui.perfetto.dev opens`,
    ...table("Parts of a step, on the host", parts),
    ...table("Operators, on the host", operators),
    row({ name: "in no operator: TypeScript, calls, waiting", calls: 1, time: outside }),
    ...kernels.length === 0 ? [] : [
      ...table("Kernels, on the device", kernels),
      `  The device is busy${percent(busy)} of a step`,
    ],
  ];
}

function shortened(name: string): string {
  return name.length <= WIDTH ? name : `${name.slice(0, WIDTH - 1)}…`;
}
