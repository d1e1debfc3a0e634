import { join } from "@std/path";
import { noGradScope } from "../../autograd/mode.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { resolveOptions, type VisionTransformerOptions } from "../../vit/options.ts";
import { writeTextAtomically } from "../../files/atomic_file.ts";
import { toMetadata } from "../../checkpoint/metadata.ts";
import { writeSafetensors } from "../../checkpoint/safetensors.ts";
import { huggingFace } from "../key_mapping/hugging_face.ts";
import { huggingFaceConfig } from "../model_folder/hugging_face_config.ts";
import { huggingFaceProcessor } from "../model_folder/hugging_face_processor.ts";
import type { Preprocessing } from "../preprocessing.ts";
import { timm } from "../key_mapping/timm.ts";
import { writeTorch } from "../../checkpoint/torch/write_torch.ts";
import { checkExportPath, type ExportFormat } from "./formats.ts";

/** A backbone to write. */
interface WrittenBackbone {
  /** Its parameters under the reference's names. */
  readonly tensors: Record<string, Tensor>;
  /** The options it was built with. */
  readonly options: VisionTransformerOptions;
  /** What else is to be known about it, if the format has a place for it: `preprocessing`, `config`, `iteration`. */
  readonly state: Readonly<Record<string, unknown>> & { readonly preprocessing?: Preprocessing };
}

/**
 * Writes a backbone for other programs. What was there before stays until the new is whole.
 *
 * @param path The file, or the folder where the format is one; made where it is missing.
 * @param format What to write.
 * @param backbone What to write it of.
 * @throws {TypeError} If the path cannot be that of the format.
 * @throws {Error} If it cannot be written.
 */
export function writeBackbone(path: string, format: ExportFormat, backbone: WrittenBackbone): void {
  checkExportPath(path, format);
  const { tensors, options, state } = backbone;
  const { preprocessing } = state;
  const seen: Record<string, unknown> = preprocessing === undefined ? {} : { preprocessing };
  noGradScope(() => {
    switch (format) {
      case "safetensors":
        return writeSafetensors(
          path,
          tensors,
          toMetadata({ ...state, backbone: noted(options) }),
        );
      case "pth":
        return writeTorch(path, tensors);
      case "timm":
        return writeSafetensors(path, timm.toExternal(tensors), toMetadata(seen));
      case "hf":
        writeTextAtomically(join(path, "config.json"), huggingFaceConfig(options));
        if (preprocessing !== undefined) {
          const processor = huggingFaceProcessor(preprocessing);
          writeTextAtomically(join(path, "preprocessor_config.json"), processor);
        }
        return writeSafetensors(
          join(path, "model.safetensors"),
          huggingFace.toExternal(tensors),
          toMetadata({}),
        );
    }
  });
}

/** What the shapes of weights do not tell, in the reference's names. */
function noted(options: VisionTransformerOptions): Record<string, unknown> {
  const { numHeads, interpolateOffset, interpolateAntialias } = resolveOptions(options);
  return {
    num_heads: numHeads,
    interpolate_offset: interpolateOffset,
    interpolate_antialias: interpolateAntialias,
  };
}
