/**
 * Every configuration key that changes a run. Names and defaults are those of the reference implementation
 * (`ssl_default_config.yaml`); keys that it lacks say "Deino only" in their line.
 *
 * @module
 */
import { type ArchitectureName, architectures } from "../vit/architectures.ts";
import {
  boolean,
  choice,
  integer,
  type Key,
  number,
  numbers,
  pair,
  sources,
  text,
  values,
} from "./key.ts";

const share = { min: 0, max: 1 };
const positive = { above: 0 };
const atLeastOne = { min: 1 };
const side = { min: 1, max: 8192 };
const width = { min: 1, max: 2 ** 24 };
const prototypes = { ...width, min: 2 }; // one has the same probability for every image
const notNegative = { min: 0 };

/** Sections of keys. */
export const schema = {
  student: {
    arch: choice(
      "vit_large",
      "Architecture of both backbones",
      Object.keys(architectures) as ArchitectureName[],
    ),
    patch_size: integer(16, "Side of a patch in pixels", side),
    drop_path_rate: number(0.3, "Stochastic-depth rate", {
      min: 0,
      below: 1,
    }),
    layerscale: number(1e-5, "Initial LayerScale; 0 leaves LayerScale out", notNegative),
    drop_path_uniform: boolean(
      true,
      "Same stochastic-depth rate in every block; false lets it grow with depth",
    ),
    ffn_layer: choice("mlp", "Feed-forward layers", ["mlp", "swiglu", "swiglufused"]),
    num_register_tokens: integer(0, "Register tokens"),
    pretrained_weights: text("", "Initial weights; empty for random ones"),
    interpolate_antialias: boolean(false, "Antialiasing when position embeddings are interpolated"),
    interpolate_offset: number(
      0.1,
      "Offset of the scale when position embeddings are interpolated",
      notNegative,
    ),
  },
  teacher: {
    momentum_teacher: number(0.992, "EMA momentum of the teacher at the start", share),
    final_momentum_teacher: number(1, "EMA momentum of the teacher at the end", share),
    warmup_teacher_temp: number(0.04, "Teacher temperature at the start", positive),
    teacher_temp: number(0.07, "Teacher temperature after its warm-up", positive),
    warmup_teacher_temp_epochs: number(30, "Epochs of the linear temperature warm-up", notNegative),
    pretrained_weights: text(
      "",
      "Trained network with heads to distil; empty for the student's EMA (Deino only)",
    ),
  },
  dino: {
    loss_weight: number(1, "Weight of the image-level loss", notNegative),
    head_n_prototypes: integer(65536, "Prototypes of the image-level head", prototypes),
    head_bottleneck_dim: integer(256, "Width of the bottleneck before the prototypes", width),
    head_nlayers: integer(3, "Linear layers before the prototypes", atLeastOne),
    head_hidden_dim: integer(2048, "Width of the hidden layers", width),
    koleo_loss_weight: number(
      0.1,
      "Weight of the KoLeo regulariser of each global crop, also at dino.loss_weight=0",
      notNegative,
    ),
  },
  ibot: {
    loss_weight: number(1, "Weight of the patch-level loss", notNegative),
    mask_sample_probability: number(
      0.5,
      "Share of global crops that are masked, also at loss weight 0",
      share,
    ),
    mask_ratio_min_max: pair([0.1, 0.5], "Minimum and maximum share of masked patches", share),
    separate_head: boolean(false, "Separate head for patches"),
    head_n_prototypes: integer(65536, "Prototypes of the patch-level head", prototypes),
    head_bottleneck_dim: integer(256, "Width of the bottleneck before the prototypes", width),
    head_nlayers: integer(3, "Linear layers before the prototypes", atLeastOne),
    head_hidden_dim: integer(2048, "Width of the hidden layers", width),
  },
  train: {
    batch_size_per_gpu: integer(64, "Images in a micro-batch", atLeastOne),
    accumulate: integer(
      1,
      "Gradient-accumulation steps: N give the step of a batch N times as large (Deino only)",
      atLeastOne,
    ),
    dataset_path: text("", "Folder of training images (--data); empty for the built-in dataset"),
    output_dir: text("", "Run folder (--output-dir); empty for runs/<date-time>"),
    seed: integer(0, "Random seed (--seed)"),
    num_workers: integer(0, "Decoding workers; 0 for one per processor core"),
    OFFICIAL_EPOCH_LENGTH: integer(1250, "Iterations in an epoch", atLeastOne),
    centering: choice("centering", "How the teacher's outputs become targets", [
      "centering",
      "sinkhorn_knopp",
    ]),
    device: text("auto", "cpu, cuda, cuda:N or auto, CUDA if available (--device; Deino only)"),
  },
  optim: {
    epochs: number(100, "Epochs of OFFICIAL_EPOCH_LENGTH iterations", positive),
    weight_decay: number(0.04, "Weight decay at the start", notNegative),
    weight_decay_end: number(0.4, "Weight decay at the end", notNegative),
    base_lr: number(
      0.004,
      "Learning rate for a batch of 1024, scaled by the square root",
      { min: 0, max: 100 },
    ),
    warmup_epochs: number(10, "Epochs of the linear learning-rate warm-up", notNegative),
    min_lr: number(1e-6, "Learning rate at the end", notNegative),
    clip_grad: number(
      3,
      "Maximum gradient norm of each submodule; 0 turns clipping off",
      notNegative,
    ),
    freeze_last_layer_epochs: number(1, "Epochs with frozen prototypes", notNegative),
    patch_embed_lr_mult: number(0.2, "Learning-rate factor of the patch embedding", notNegative),
    layerwise_decay: number(0.9, "Learning-rate factor from each block to the one below", {
      above: 0,
      max: 1,
    }),
    adamw_beta1: number(0.9, "Decay of AdamW's first moment", { min: 0, below: 1 }),
    adamw_beta2: number(0.999, "Decay of AdamW's second moment", { min: 0, below: 1 }),
  },
  crops: {
    global_crops_scale: pair([0.32, 1], "Area of a global crop as a share of the image", share),
    local_crops_number: integer(8, "Local crops of an image"),
    local_crops_scale: pair([0.05, 0.32], "Area of a local crop as a share of the image", share),
    global_crops_size: integer(224, "Side of a global crop in pixels", side),
    local_crops_size: integer(96, "Side of a local crop in pixels", side),
  },
  augmentation: {
    horizontal_flip_p: number(0.5, "Probability of a horizontal flip (Deino only)", share),
    color_jitter_p: number(0.8, "Probability of colour jitter (Deino only)", share),
    brightness: number(0.4, "Strength of brightness jitter (Deino only)", notNegative),
    contrast: number(0.4, "Strength of contrast jitter (Deino only)", notNegative),
    saturation: number(0.2, "Strength of saturation jitter (Deino only)", notNegative),
    hue: number(0.1, "Strength of hue jitter, in turns (Deino only)", { min: 0, max: 0.5 }),
    grayscale_p: number(0.2, "Probability of grayscale (Deino only)", share),
    global1_blur_p: number(0, "Probability of blurring the first global crop (Deino only)", share),
    global2_blur_p: number(
      0.9,
      "Probability of blurring the second global crop (Deino only)",
      share,
    ),
    local_blur_p: number(0.5, "Probability of blurring a local crop (Deino only)", share),
    global2_solarize_p: number(
      0.2,
      "Probability of solarizing the second global crop (Deino only)",
      share,
    ),
  },
  compute_precision: {
    param_dtype: choice(
      "auto",
      "Mixed-precision dtype: auto is bf16 on CUDA and fp32 elsewhere, fp16 scales losses; weights stay fp32 (Deino only)",
      ["auto", "fp32", "bf16", "fp16"],
    ),
  },
  data: {
    sources: sources(
      "Several sources instead of train.dataset_path, weighted or in turn (repeated --data; Deino only)",
    ),
    channels: integer(
      3,
      "Channels of an image: 3 for red, green and blue, 1 for gray, up to 16 (Deino only)",
      { min: 1, max: 16 },
    ),
    mean: values(
      "weights",
      "Mean of each channel, 0 to 1: as pretrained weights specify it, else ImageNet's; imagenet for that " +
        "in any case, auto to compute it, or a list (Deino only)",
      { ...share, choices: ["weights", "imagenet", "auto"] },
    ),
    std: values(
      "weights",
      "Standard deviation of each channel, likewise (Deino only)",
      { ...positive, choices: ["weights", "imagenet", "auto"] },
    ),
    exif: choice(
      "ignore",
      "EXIF orientation: apply it, or ignore it as the reference does (Deino only)",
      ["ignore", "apply"],
    ),
    max_pixels: integer(
      178_956_970,
      "Pixels above which an image is skipped (Deino only)",
      atLeastOne,
    ),
    max_broken_fraction: number(
      0.1,
      "Share of unreadable images above which the run stops (Deino only)",
      share,
    ),
  },
  checkpointing: {
    period: integer(0, "Iterations between checkpoints; 0 for three epochs (Deino only)"),
    period_minutes: number(
      30,
      "Maximum minutes between checkpoints; 0 for no limit (Deino only)",
      notNegative,
    ),
    max_to_keep: integer(3, "Number of newest checkpoints to keep (Deino only)", atLeastOne),
  },
  evaluation: {
    eval_period_iterations: integer(12500, "Iterations between evaluations; 0 turns them off"),
    train_dataset_path: text(
      "",
      "Labelled images in which k-NN finds neighbours; empty for the training images (Deino only)",
    ),
    val_dataset_path: text(
      "",
      "Labelled images that k-NN classifies; empty for no evaluation (Deino only)",
    ),
    image_size: integer(
      0,
      "Side of evaluated images in pixels; 0 for that of global crops (Deino only)",
      { min: 0, max: 8192 },
    ),
    nb_knn: numbers([10, 20, 100, 200], "Numbers of neighbours (Deino only)", atLeastOne),
    temperature: number(0.07, "Temperature of the neighbours' votes (Deino only)", positive),
  },
} as const;

/** The type of the values of a key. */
export type ValueOf<K> = K extends Key<infer T> ? T : never;

/** The name of a section of the configuration. */
export type Section = keyof typeof schema;

/** A complete configuration: every key of {@linkcode schema} with a value. */
export type Config = {
  readonly [S in Section]: {
    readonly [K in keyof (typeof schema)[S]]: ValueOf<(typeof schema)[S][K]>;
  };
};

/** Some values of a configuration, as presets and files give them. */
export type Settings = { readonly [S in Section]?: Partial<Config[S]> };
