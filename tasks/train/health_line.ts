import type { RunHealth } from "../../src/train/run_health.ts";

/** The health of a run in a line, with the setting most likely at fault. */
export function healthLine({ condition, because, cause }: RunHealth): string {
  const fault = cause === undefined
    ? ""
    : `. Most likely at fault: ${cause.setting}=${cause.value}; ${cause.remedy}`;
  return `${condition}, ${because}${fault}`;
}
