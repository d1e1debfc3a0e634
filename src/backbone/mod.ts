/**
 * Backbones in and out: run folders, the reference's weights, models of Hugging Face and timm.
 *
 * @example A backbone, and what its images must look like
 * ```ts
 * import { loadBackbone } from "@deino/deino/backbone";
 *
 * const { model, imageSize, normalization } = loadBackbone("runs/a");
 * console.log(model.options.embedDim, imageSize, normalization.mean);
 * ```
 *
 * @module
 */
export { type Backbone, type BackboneOptions, loadBackbone } from "./backbone.ts";
export { type WeightsOptions } from "./recognise/backbone_file.ts";
export { type PositionRule, positionRules } from "./recognise/known_options.ts";
export { describePreprocessing, imageViewOf, type Preprocessing } from "./preprocessing.ts";
export {
  exportBackbone,
  type ExportDifference,
  type ExportResult,
} from "./export/export_backbone.ts";
export { checkExportPath, type ExportFormat, exportFormats } from "./export/formats.ts";
export { pythonCode } from "./export/python_code.ts";
