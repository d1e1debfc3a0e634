import { assertEquals } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import { type Backbone, loadBackbone } from "../../../src/backbone/backbone.ts";
import { imageViewOf } from "../../../src/backbone/preprocessing.ts";
import { EvaluationSet } from "../../../src/features/evaluation_set.ts";
import { tokenEmbedding } from "../../../src/features/embedding.ts";
import { assertClose } from "../../helpers.ts";

const folder = (name: string) =>
  fromFileUrl(new URL(`../../golden/others/${name}`, import.meta.url));

async function classToken(backbone: Backbone, root: string): Promise<number[]> {
  using model = backbone.model;
  using set = new EvaluationSet({ root, paths: ["image.png"] }, {
    ...imageViewOf(backbone.preprocessing),
    workers: 1,
  });
  const { features } = await set.features(tokenEmbedding({ ...backbone, model }, "cls"));
  using token = features;
  return token.squeeze(0).toList() as number[];
}

/** Greatest difference: libtorch's bicubic filter rounds a few pixels to the next level. */
const models: Record<string, [greatest: number, told: string]> = {
  timm_augreg: [
    2e-3,
    "Normalised by mean 0.5 0.5 0.5 and standard deviation 0.5 0.5 0.5 (config.json)",
  ],
  hf_squash: [
    1e-6,
    "Normalised by mean 0.5 0.5 0.5 and standard deviation 0.5 0.5 0.5 (preprocessor_config.json)",
  ],
};

for (const [name, [atol, told]] of Object.entries(models)) {
  Deno.test(`the folder ${name} gives its library's features of an image without any option`, async () => {
    const backbone = loadBackbone(folder(name));
    assertEquals(backbone.report.at(-1), told);
    const expected = JSON.parse(Deno.readTextFileSync(join(folder(name), "class_token.json")));
    assertClose(await classToken(backbone, folder(name)), expected, { atol, rtol: 0 });
    assertEquals(backbone.imageSize, 224, "evaluations keep their protocol's size");
  });
}

Deno.test("what is asked goes before what a folder notes", () => {
  const asked = { mean: [0.1, 0.2, 0.3], std: [1, 1, 1], image_size: 64, interpolation: "box" };
  const { model, preprocessing, normalization, report } = loadBackbone(folder("hf_squash"), {
    preprocessing: asked as Partial<Backbone["preprocessing"]>,
  });
  model.dispose();
  assertEquals(
    report.at(-1),
    "Normalised by mean 0.1 0.2 0.3 and standard deviation 1 1 1 (as asked)",
  );
  assertEquals(imageViewOf(preprocessing), {
    ...{ imageSize: 64, resize: 64, interpolation: "box", cropMode: "squash" },
  });
  assertEquals(normalization, { mean: asked.mean, std: asked.std });
});
