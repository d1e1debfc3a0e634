import { dirname, join } from "@std/path";
import { scope } from "../../tensor/scope.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import type { VisionTransformerOptions } from "../../vit/options.ts";
import { openTensorFile } from "../../checkpoint/open_tensor_file.ts";
import { huggingFace } from "../key_mapping/hugging_face.ts";
import { parseHuggingFaceConfig } from "../model_folder/hugging_face_config.ts";
import { parseHuggingFaceProcessor } from "../model_folder/hugging_face_processor.ts";
import { parseTimmConfig } from "../model_folder/timm_config.ts";
import type { TensorFacts } from "../../checkpoint/tensor_facts.ts";
import type { TensorFile } from "../../checkpoint/tensor_file.ts";
import type { NotedPreprocessing, Preprocessing } from "../preprocessing.ts";
import { findWeights } from "./find_weights.ts";
import { withChannels } from "./inflate.ts";
import { knownOptions, positionOptions, type PositionRule } from "./known_options.ts";
import { recogniseBackbone, type RecognisedBackbone } from "./recognise.ts";
import { headsIn } from "./unwrap.ts";

/** What is known about weights from elsewhere. */
export interface WeightsOptions {
  /** Attention heads. Default: what a configuration says, or those of the architecture of this width and depth. */
  numHeads?: number;
  /** Channels of the images: RGB weights are inflated. Default: those of the weights. */
  channels?: number;
  /**
   * How positions are interpolated for images of another size. Default: as the weights' run did, else as the reference does
   * with such a model.
   */
  positions?: PositionRule;
  /** How images are prepared, where that overrides what the weights specify. Default: nothing. */
  preprocessing?: Partial<Preprocessing>;
}

/** What lies beside weights of Hugging Face and timm. */
const CONFIG = "config.json";
const PROCESSOR = "preprocessor_config.json";

/** An open file with a backbone in it, under whatever names. */
export class BackboneFile implements Disposable {
  /** The file's path. */
  readonly path: string;
  /** What the file, or the folder of Hugging Face that it lies in, says about itself: `iteration`, `config`, … */
  readonly state: TensorFile["state"];
  /** The name of the file beside it that says how images are prepared, if one does. */
  readonly preprocessingFrom?: string;
  /** What was recognised. */
  readonly found: RecognisedBackbone;
  /** The tensors of projection heads beside the backbone, by the reference's names: `dino_head.mlp.0.weight`. */
  readonly heads: ReadonlyMap<string, TensorFacts>;
  readonly #file: TensorFile;

  /**
   * Opens a file and recognises the backbone in it.
   *
   * @param path The file, or the folder of a run or of a library's model.
   * @param options What to take for granted.
   * @throws {Error} When there are no weights, they cannot be read or are not a whole backbone.
   */
  constructor(path: string, options: WeightsOptions = {}) {
    this.path = findWeights(path);
    this.#file = openTensorFile(this.path);
    try {
      let state = this.#file.state, from: string | undefined;
      const found = recogniseBackbone(this.#file, (mapping) => {
        const beside = mapping === huggingFace
          ? besideHuggingFace(this.path)
          : besideTimm(this.path);
        const { preprocessing } = beside;
        if (preprocessing !== undefined) {
          state = { ...state, preprocessing };
          from = mapping === huggingFace ? PROCESSOR : CONFIG;
        }
        return {
          ...knownOptions(state),
          ...beside.numHeads !== undefined && { numHeads: beside.numHeads },
          ...options.numHeads !== undefined && { numHeads: options.numHeads },
        };
      });
      this.state = state;
      this.preprocessingFrom = from;
      this.heads = headsIn(this.#file.entries.values());
      const positioned = { ...found, options: withPositions(found.options, options.positions) };
      this.found = withChannels(positioned, options.channels ?? found.options.inChans!);
    } catch (cause) {
      this.#file[Symbol.dispose]();
      throw new Error(`${(cause as Error).message} (in "${this.path}")`, { cause });
    }
  }

  /**
   * Reads one parameter.
   *
   * @param name Its name.
   * @throws {Error} When the file cannot be read.
   */
  read(name: string): Tensor {
    const { from, make } = this.found.origins.get(name)!;
    return scope(() => make(from.map((facts) => this.#file.read(facts.name))));
  }

  /**
   * Reads one tensor of a head.
   *
   * @param name Its name, one of `heads`.
   * @throws {Error} When the file cannot be read.
   */
  readHead(name: string): Tensor {
    return this.#file.read(this.heads.get(name)!.name);
  }

  /** Closes the file at the end of a `using` block. */
  [Symbol.dispose](): void {
    this.#file[Symbol.dispose]();
  }
}

function withPositions(
  options: VisionTransformerOptions,
  rule?: PositionRule,
): VisionTransformerOptions {
  const hasRegisters = (options.numRegisterTokens ?? 0) > 0;
  return rule === undefined ? options : { ...options, ...positionOptions(rule, hasRegisters) };
}

/** What a folder says beside weights. */
interface Beside {
  readonly numHeads?: number;
  readonly preprocessing?: NotedPreprocessing;
}

function besideHuggingFace(path: string): Beside {
  return {
    ...readBeside(path, CONFIG, parseHuggingFaceConfig),
    preprocessing: readBeside(path, PROCESSOR, parseHuggingFaceProcessor),
  };
}

function besideTimm(path: string): Beside {
  return readBeside(path, CONFIG, parseTimmConfig) ?? {};
}

/** What a file in the folder of another says; undefined where it is not there, for known architectures need none. */
function readBeside<T>(path: string, name: string, parse: (text: string) => T): T | undefined {
  const config = join(dirname(path), name);
  let text: string;
  try {
    text = Deno.readTextFileSync(config);
  } catch (cause) {
    if (cause instanceof Deno.errors.NotFound) return undefined;
    throw new Error(`Cannot read "${config}": ${(cause as Error).message}`, { cause });
  }
  try {
    return parse(text);
  } catch (cause) {
    throw new Error(`Cannot use "${config}": ${(cause as Error).message}`, { cause });
  }
}
