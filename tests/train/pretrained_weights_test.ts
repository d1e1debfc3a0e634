import { assertEquals, assertThrows } from "@std/assert";
import { join } from "@std/path";
import { toMetadata } from "../../src/checkpoint/metadata.ts";
import { writeSafetensors } from "../../src/checkpoint/safetensors.ts";
import { resolveConfig } from "../../src/config/resolve.ts";
import type { Settings } from "../../src/config/schema.ts";
import { scope } from "../../src/tensor/scope.ts";
import { withPretrainedNormalization } from "../../src/train/pretrained_weights.ts";
import { architectures } from "../../src/vit/architectures.ts";
import { VisionTransformer } from "../../src/vit/vision_transformer.ts";
import "../native.ts";
import { inTempFolder } from "../temp_folder.ts";

const IMAGENET = { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] };
const OWN = { mean: [0.1, 0.2, 0.3], std: [0.5, 0.6, 0.7] };

/** Weights that note something about themselves. */
function weights(folder: string, name: string, state: Record<string, unknown>): string {
  const path = join(folder, `${name}.safetensors`);
  scope(() => {
    using model = new VisionTransformer({
      ...{ ...architectures.vit_nano, patchSize: 8, imgSize: 16 },
    });
    writeSafetensors(path, model.stateDict(), toMetadata(state));
  });
  return path;
}

/** The mean and deviation of a run with these settings, and what is told of them. */
function normalized(...settings: Settings[]): { data: unknown; notes: string[] } {
  const notes: string[] = [];
  const config = withPretrainedNormalization(
    resolveConfig(...settings),
    (text) => notes.push(text),
  );
  return { data: { mean: config.data.mean, std: config.data.std }, notes };
}

Deno.test("a run normalises images as its pretrained weights note, and says so", () =>
  inTempFolder((folder) => {
    const ofRun = weights(folder, "run", { config: { data: { channels: 3, ...OWN } } });
    const ofFolder = weights(folder, "folder", { preprocessing: OWN });
    for (const path of [ofRun, ofFolder]) {
      const told = "Normalising by data.mean=[0.1,0.2,0.3] data.std=[0.5,0.6,0.7], as ";
      assertEquals(normalized({ student: { pretrained_weights: path } }), {
        data: OWN,
        notes: [`${told}${path} specifies`],
      });
      assertEquals(normalized({ teacher: { pretrained_weights: path } }).data, OWN);
    }
  }));

Deno.test("what is set goes before what weights note, which is told where it differs", () =>
  inTempFolder((folder) => {
    const path = weights(folder, "run", { preprocessing: OWN });
    const student = { pretrained_weights: path };
    const set = { mean: [0, 0, 0], std: [1, 1, 1] };
    assertEquals(normalized({ student, data: set }), {
      data: set,
      notes: [
        "Normalising by data.mean=[0,0,0] data.std=[1,1,1], as set; " +
        `${path} specifies data.mean=[0.1,0.2,0.3] data.std=[0.5,0.6,0.7]`,
      ],
    });
    assertEquals(normalized({ student, data: OWN }), { data: OWN, notes: [] });
    assertEquals(normalized({ student, data: { mean: "auto", std: "auto" } }).notes.length, 1);
  }));

Deno.test("ImageNet's mean and standard deviation are set as others are, each alone too", () =>
  inTempFolder((folder) => {
    const student = { pretrained_weights: weights(folder, "run", { preprocessing: OWN }) };
    const imagenet = { mean: "imagenet", std: "imagenet" } as const;
    const { data, notes } = normalized({ student, data: imagenet });
    assertEquals([data, notes.length], [imagenet, 1]);
    const { mean } = normalized({ student, data: { std: [1, 1, 1] } }).data as typeof OWN;
    assertEquals(mean, OWN.mean, "what is not set is as noted");
    assertEquals(normalized({ student, data: { mean: "imagenet" } }).data, {
      ...{ mean: "imagenet", std: OWN.std },
    });
  }));

Deno.test("without weights, or with such that note nothing or ImageNet's, nothing changes", () =>
  inTempFolder((folder) => {
    const plain = { data: { mean: "weights", std: "weights" }, notes: [] };
    assertEquals(normalized(), plain);
    for (const state of [{}, { preprocessing: IMAGENET }, { config: { data: IMAGENET } }]) {
      const student = { pretrained_weights: weights(folder, "w", state) };
      assertEquals(normalized({ student }), plain);
    }
    const student = { pretrained_weights: weights(folder, "w", {}) };
    assertEquals(normalized({ student, data: OWN }), { data: OWN, notes: [] });
  }));

Deno.test("a student and a teacher that note different values are refused until some are set", () =>
  inTempFolder((folder) => {
    const student = { pretrained_weights: weights(folder, "s", { preprocessing: OWN }) };
    const teacher = { pretrained_weights: weights(folder, "t", { preprocessing: IMAGENET }) };
    const message = "Set data.mean and data.std";
    assertThrows(() => normalized({ student, teacher }), Error, message);
    assertEquals(normalized({ student, teacher, data: OWN }).notes.length, 1);
    assertEquals(normalized({ student, teacher: student }).data, OWN);
  }));
