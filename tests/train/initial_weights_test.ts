import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { join } from "@std/path";
import { toMetadata } from "../../src/checkpoint/metadata.ts";
import { saveTeacher } from "../../src/checkpoint/teacher.ts";
import { writeSafetensors } from "../../src/checkpoint/safetensors.ts";
import { resolveConfig } from "../../src/config/resolve.ts";
import type { Settings } from "../../src/config/schema.ts";
import { noGrad, noGradScope } from "../../src/autograd/mode.ts";
import { Generator, randn } from "../../src/tensor/random.ts";
import { liveTensors, scope } from "../../src/tensor/scope.ts";
import {
  evaluationNote,
  loadInitialWeights,
  openInitialWeights,
} from "../../src/train/initial_weights.ts";
import { Learner } from "../../src/train/learner.ts";
import { measureRun } from "../../src/train/run_sizes.ts";
import { architectures } from "../../src/vit/architectures.ts";
import type { VisionTransformerOptions } from "../../src/vit/options.ts";
import { VisionTransformer } from "../../src/vit/vision_transformer.ts";
import { assertClose } from "../helpers.ts";
import { inTempFolder } from "../temp_folder.ts";

const tiny: Settings = {
  student: { arch: "vit_nano", patch_size: 8 },
  crops: { global_crops_size: 32, local_crops_size: 16 },
  dino: { head_n_prototypes: 16, head_hidden_dim: 8, head_bottleneck_dim: 4 },
  optim: { epochs: 20 },
};

/** A network whose every weight tells, in a file of its own. */
function written(path: string, options: VisionTransformerOptions): VisionTransformer {
  const model = new VisionTransformer({
    ...{ ...architectures.vit_nano, patchSize: 8, imgSize: 40 },
    ...options,
  });
  using generator = new Generator(7);
  noGradScope(() => {
    for (const value of model.parameters()) {
      value.add_(randn(value.shape, { generator }).mul_(0.1));
    }
    writeSafetensors(path, model.stateDict());
  });
  return model.eval();
}

function inFolder(body: (folder: string) => void): Promise<void> {
  return inTempFolder((folder) => {
    const before = liveTensors();
    scope(() => body(folder));
    assertEquals(liveTensors(), before);
  });
}

for (const numRegisterTokens of [0, 4]) {
  Deno.test(`a run begins with the features of its weights at its own size, ${numRegisterTokens} registers`, () =>
    inFolder((folder) => {
      const path = join(folder, "w.safetensors");
      const model = written(path, {
        numRegisterTokens,
        interpolateAntialias: numRegisterTokens > 0,
        interpolateOffset: numRegisterTokens > 0 ? 0 : 0.1,
      });
      const config = resolveConfig(tiny, {
        student: { pretrained_weights: path, num_register_tokens: numRegisterTokens },
      });
      using learner = new Learner(config);
      assertEquals(
        loadInitialWeights(learner),
        `Starting from ${path}: its backbone, positions resized from 40 to 32 pixels; heads start at random`,
      );
      const images = randn([2, 3, 32, 32]);
      const expected = noGrad(() => model.forward(images));
      for (const { backbone } of [learner.student.eval(), learner.emaTeacher]) {
        assertClose(noGrad(() => backbone.forward(images)), expected, { atol: 2e-6 });
      }
      assertEquals(learner.student.backbone.posEmbed.shape, [1, 17, 64]);
      model.dispose();
    }));
}

Deno.test("a run on gray images begins with what weights for red, green and blue see of gray", () =>
  inFolder((folder) => {
    const path = join(folder, "w.safetensors");
    const model = written(path, {});
    const config = resolveConfig(tiny, {
      student: { pretrained_weights: path },
      data: { channels: 1 },
      train: { dataset_path: folder },
    });
    using learner = new Learner(config);
    loadInitialWeights(learner);
    const gray = randn([2, 1, 32, 32]);
    const expected = noGrad(() => model.forward(gray.expand([2, 3, 32, 32])));
    const { backbone } = learner.emaTeacher;
    assertClose(noGrad(() => backbone.forward(gray)), expected, { atol: 2e-6 });
    model.dispose();
  }));

Deno.test("heads come along from a run with heads of the same sizes, and only from such", () =>
  inFolder((folder) => {
    const config = resolveConfig(tiny, { student: { pretrained_weights: folder } });
    using trained = new Learner(resolveConfig(config, { train: { seed: 5 } }));
    saveTeacher(folder, {
      iteration: 3,
      tensors: trained.emaTeacher.stateDict(),
      state: { config },
    });
    using same = new Learner(config);
    assertStringIncludes(loadInitialWeights(same), "its backbone and dino_head");
    for (const network of [same.student, same.emaTeacher]) {
      for (const [name, value] of network.namedParameters()) {
        assertClose(value.detach(), trained.emaTeacher.stateDict()[name], { atol: 0, rtol: 0 });
      }
    }
    using wider = new Learner(resolveConfig(config, { dino: { head_n_prototypes: 17 } }));
    assertStringIncludes(loadInitialWeights(wider), "heads start at random");
  }));

Deno.test("weights of another network are refused, with the settings that fit them", () =>
  inFolder((folder) => {
    const path = join(folder, "w.safetensors");
    written(path, { numRegisterTokens: 4 }).dispose();
    const config = resolveConfig(tiny, {
      student: { arch: "vit_micro", pretrained_weights: path },
    });
    assertThrows(
      () => measureRun(config),
      Error,
      `Cannot start from the weights in "${path}": their network has student.arch=vit_nano ` +
        "student.num_register_tokens=4, but the run has student.arch=vit_micro student.num_register_tokens=0. " +
        "Set student.arch=vit_nano student.num_register_tokens=4",
    );
  }));

Deno.test("weights of NaN are refused before the first step, by the name that their file has", () =>
  inFolder((folder) => {
    const path = join(folder, "w.safetensors");
    const model = written(path, {});
    const config = resolveConfig(tiny, { student: { pretrained_weights: path } });
    using learner = new Learner(config);
    noGradScope(() => void model.blocks[1].norm2.bias!.narrow(0, 5, 1).fill_(NaN));
    scope(() => {
      const tensors = Object.entries(model.stateDict());
      const wrapped = tensors.map(([name, value]) => [`module.backbone.${name}`, value] as const);
      writeSafetensors(path, Object.fromEntries(wrapped));
    });
    assertThrows(
      () => loadInitialWeights(learner),
      Error,
      `Cannot start from the weights in "${path}": their tensor module.backbone.blocks.1.norm2.bias holds NaN`,
    );
    model.dispose();
  }));

Deno.test("evaluations of a run that see images otherwise than its weights note say so", () =>
  inFolder((folder) => {
    const path = join(folder, "w.safetensors");
    const noteOf = (state: Record<string, unknown>) => {
      using model = new VisionTransformer({
        ...{ ...architectures.vit_nano, patchSize: 8, imgSize: 32 },
      });
      scope(() => writeSafetensors(path, model.stateDict(), toMetadata(state)));
      const config = resolveConfig(tiny, { student: { pretrained_weights: path } });
      using file = openInitialWeights(config);
      return evaluationNote(file, config);
    };
    const squashed = {
      image_size: 28,
      crop_mode: "squash",
      interpolation: "bilinear",
      crop_pct: 1,
    };
    assertEquals(
      noteOf({ preprocessing: squashed }),
      "Evaluations during training follow the reference's protocol (short side resized to 32, " +
        `bicubic; center crop of 32 x 32); ${path} specifies: both sides resized to 32, bilinear`,
    );
    assertStringIncludes(noteOf({ preprocessing: { crop_pct: 0.5 } })!, "short side resized to 64");
    assertEquals(noteOf({}), undefined);
    assertEquals(noteOf({ preprocessing: { mean: [0, 0, 0], image_size: 64 } }), undefined);
  }));
