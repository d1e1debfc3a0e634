/**
 * Features of two folders of images, and the classes of the second by the nearest neighbours among the first.
 *
 *     deno run -A tests/examples/features_knn.ts WEIGHTS TRAIN VAL
 */
import { loadBackbone } from "@deino/deino/backbone";
import { openImages } from "@deino/deino/data";
import { alignClasses, evaluateKnn } from "@deino/deino/eval";
import { backboneEmbedding, EvaluationSet } from "@deino/deino/features";
import { scope } from "@deino/deino/tensor";

const [weights, trainPath, valPath] = Deno.args;
const backbone = loadBackbone(weights);
const { imageSize } = backbone;
const embed = backboneEmbedding(backbone); // class tokens of length 1

const trainFolder = await openImages(trainPath);
const valFolder = alignClasses(trainFolder, await openImages(valPath));
using train = new EvaluationSet(trainFolder, { imageSize });
using val = new EvaluationSet(valFolder, { imageSize });
const known = await train.features(embed);
const asked = await val.features(embed);
console.log(`${known.labels.length} features of ${known.features.shape[1]} numbers`);

for (const { k, top1 } of evaluateKnn(known, asked, { nbKnn: [1, 5, 20] })) {
  console.log(`k = ${k}: ${top1.percent.toFixed(1)} % of ${asked.labels.length} images`);
}

scope(() => {
  const similarity = asked.features.matmul(known.features.t()); // [V, T]
  const nearest = similarity.argmax(1).toList() as number[];
  console.log(`most like ${valFolder.paths[0]}: ${trainFolder.paths[nearest[0]]}`);
});
