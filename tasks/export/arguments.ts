import {
  checkExportPath,
  type ExportFormat,
  exportFormats,
} from "../../src/backbone/export/formats.ts";
import type { WeightsOptions } from "../../src/backbone/recognise/backbone_file.ts";
import { Flags } from "../cli/flags.ts";
import { weightsFlags, weightsOptions } from "../cli/weights_flags.ts";

/** What a command line of `deno task export` asks for. */
export interface ExportArguments {
  /** A run folder or a file of weights. */
  readonly weights: string;
  /** What the weights do not say. */
  readonly known: WeightsOptions;
  /** What to write. */
  readonly format: ExportFormat;
  /** Where to. */
  readonly output: string;
}

/**
 * Reads the command line.
 *
 * @throws {TypeError} If a flag does not exist, is missing or has no sensible value.
 */
export function prepareExport(args: readonly string[]): ExportArguments {
  const flags = new Flags(args, {
    required: ["weights", "format", "output"],
    optional: weightsFlags,
    switches: [],
  });
  const format = flags.choice("format", exportFormats)!;
  const output = flags.text("output");
  checkExportPath(output, format);
  return { weights: flags.text("weights"), known: weightsOptions(flags), format, output };
}
