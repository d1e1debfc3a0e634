import type { Verdict } from "../../src/train/verdict.ts";

/** A verdict in a line, with the setting most likely at fault. */
export function verdictLine({ condition, because, suspect }: Verdict): string {
  const fault = suspect === undefined
    ? ""
    : `. Most likely at fault: ${suspect.setting}=${suspect.value}; ${suspect.remedy}`;
  return `${condition}, ${because}${fault}`;
}
