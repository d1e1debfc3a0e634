/**
 * `deno task export --weights W --format F --output PATH`: writes a backbone for other programs. Ends with status 0, 1
 * when the export failed, 2 when the command line was wrong.
 *
 * @module
 */
import { exportBackbone, type ExportDifference } from "../src/backbone/export/export_backbone.ts";
import { pythonCode } from "../src/backbone/export/python_code.ts";
import {
  checkExportPath,
  type ExportFormat,
  exportFormats,
} from "../src/backbone/export/formats.ts";
import type { WeightsOptions } from "../src/backbone/recognise/backbone_file.ts";
import type { Command } from "./cli/command.ts";
import { Flags } from "./cli/flags.ts";
import { main } from "./cli/main.ts";
import { shownPath } from "./cli/paths.ts";
import { printLine } from "./cli/print.ts";
import { openBackbone, weightsFlags, weightsHelp, weightsOptions } from "./cli/weights.ts";

const help = `Write a backbone for other programs, then read it back and compare features

  deno task export --weights runs/a --format hf --output exported

Flags
${weightsHelp}
  --format NAME          safetensors  the reference's names
                         pth          the same, for torch.load(weights_only=True)
                         hf           a folder for Dinov2Model or Dinov2WithRegistersModel
                         timm         timm's names, for its VisionTransformer
  --output PATH          the file, or the folder for hf
  --help                 this text`;

/** What a command line of `deno task export` asks for. */
interface ExportArguments {
  /** A run folder or a file of weights. */
  readonly weights: string;
  /** What the weights do not say. */
  readonly known: WeightsOptions;
  /** What to write. */
  readonly format: ExportFormat;
  /** Where to. */
  readonly output: string;
}

function readArguments(args: readonly string[]): ExportArguments {
  const flags = new Flags(args, {
    required: ["weights", "format", "output"],
    optional: weightsFlags,
  });
  const format = flags.choice("format", exportFormats)!;
  const output = flags.path("output");
  checkExportPath(output, format);
  return { weights: flags.path("weights"), known: weightsOptions(flags), format, output };
}

function run(asked: ExportArguments): void {
  const { format, output } = asked;
  const backbone = openBackbone(asked);
  const { own, resized } = exportBackbone(backbone, output, format);
  const { options } = backbone.model;
  backbone.model.dispose();
  printLine(`Wrote ${shownPath(output)}`);
  printLine(`Read back: ${describe(own)}`);
  printLine(
    `With the target library's position interpolation: ${describe(resized)}` +
      (resized.largest > 1e-3 ? ", because it interpolates positions differently" : ""),
  );
  printLine(`In Python: ${pythonCode(shownPath(output), format, options)}`);
}

function describe({ size: [rows, columns], largest }: ExportDifference): string {
  const outcome = largest === 0
    ? "same features"
    : `features differ by at most ${largest.toExponential(1)}`;
  return `${outcome} at ${rows}×${columns}`;
}

/** `deno task export`. */
export const exportCommand: Command = {
  summary: "Write weights for PyTorch, Hugging Face or timm",
  help,
  prepare(args) {
    const asked = readArguments(args);
    return () => run(asked);
  },
};

if (import.meta.main) await main(exportCommand);
