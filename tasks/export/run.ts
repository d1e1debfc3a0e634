import { loadBackbone } from "../../src/backbone/backbone.ts";
import {
  exportBackbone,
  type ExportDifference,
} from "../../src/backbone/export/export_backbone.ts";
import type { ExportArguments } from "./arguments.ts";

/**
 * Carries out `deno task export`.
 *
 * @throws {Error} If weights cannot be read or written, or come back otherwise.
 */
export function runExport({ weights, known, format, output }: ExportArguments): void {
  const backbone = loadBackbone(weights, known);
  for (const line of [backbone.path, ...backbone.report]) console.log(line);
  const { own, resized } = exportBackbone(backbone, output, format);
  backbone.model.dispose();
  console.log(`Wrote ${output}`);
  console.log(`Read back: features ${describe(own)}`);
  console.log(
    `Positions resized by the rule of its readers: ${describe(resized)}` +
      (resized.largest > 1e-3 ? ", since these weights have another rule" : ""),
  );
}

function describe({ size: [rows, columns], largest }: ExportDifference): string {
  const outcome = largest === 0 ? "are the same" : `differ by at most ${largest.toExponential(1)}`;
  return `${outcome} at ${rows} x ${columns} pixels`;
}
