import "../native.ts";
import { assertEquals, assertMatch, assertRejects, assertThrows } from "@std/assert";
import { join } from "@std/path";
import { toMetadata } from "../../src/checkpoint/metadata.ts";
import { writeSafetensors } from "../../src/checkpoint/safetensors.ts";
import { resolveConfig } from "../../src/config/resolve.ts";
import type { Config, Settings } from "../../src/config/schema.ts";
import { openImages } from "../../src/data/sources/open.ts";
import { scope } from "../../src/tensor/scope.ts";
import { withPretrainedNormalization, withStatistics } from "../../src/train/run_normalization.ts";
import { architectures } from "../../src/vit/architectures.ts";
import { VisionTransformer } from "../../src/vit/vision_transformer.ts";
import { inTempFolder } from "../temp_folder.ts";
import { countedWorkers } from "./counted_workers.ts";
import { withSmallRun } from "./small_run.ts";

const IMAGENET = { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] };
const OWN = { mean: [0.1, 0.2, 0.3], std: [0.5, 0.6, 0.7] };

/** Weights that note something about themselves. */
function weights(folder: string, name: string, state: Record<string, unknown>): string {
  const path = join(folder, `${name}.safetensors`);
  scope(() => {
    using model = new VisionTransformer({ ...architectures.vit_nano, patchSize: 8, imgSize: 16 });
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
    const half = normalized({ student, data: { mean: "imagenet" } });
    assertEquals(half.data, { mean: "imagenet", std: OWN.std });
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

Deno.test("mean and deviation are computed where they are asked for, by the run's workers and limits, and told", () =>
  withSmallRun({ train: { num_workers: 3 } }, async ({ data, config }) => {
    const folder = join(data, "train"), notes: string[] = [];
    const computed = async (settings: Settings["data"]): Promise<Config["data"]> => {
      const asked = resolveConfig(config, { data: settings });
      return (await withStatistics(asked, await openImages(folder), (text) => notes.push(text)))
        .data;
    };
    assertEquals(await computed({}), config.data);
    const given = await computed({ mean: "auto", std: [0.1, 0.2, 0.3] });
    assertEquals([given.std, given.mean.length, notes.length], [[0.1, 0.2, 0.3], 3, 1]);
    assertMatch(notes[0], /^Normalising by data\.mean=\[0\.\d+,.*\] data\.std=\[0\.1,0\.2,0\.3\]$/);
    const counts = await countedWorkers(async () => {
      const { mean, std } = await computed({ mean: [0.1, 0.2, 0.3], std: "auto" });
      assertEquals([mean, std.length], [[0.1, 0.2, 0.3], 3]);
    });
    assertEquals(counts, { started: 3, ended: 3 });
    const few = { mean: "auto", max_pixels: 100, max_broken_fraction: 0.3 } as const;
    await assertRejects(() => computed(few), Error, "tolerated share of 0.3");
  }));
