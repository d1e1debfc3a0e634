/**
 * A linear probe on labels of one's own: here, whether an image is bright, which no folder name says.
 *
 *     deno run -A tests/examples/linear_probe.ts WEIGHTS IMAGES
 */
import { loadBackbone } from "@deino/deino/backbone";
import { evaluationBatches, openImages } from "@deino/deino/data";
import { evaluateLogreg } from "@deino/deino/eval";
import { EvaluationSet, tokenEmbedding } from "@deino/deino/features";

const [weights, path] = Deno.args;
const folder = await openImages(path);

const brightness = new Float64Array(folder.paths.length);
using loader = evaluationBatches(folder);
for await (const { images, indices } of loader) {
  images.forEach(({ pixels }, i) => {
    for (const value of pixels) brightness[indices[i]] += value / pixels.length;
  });
}
const median = brightness.toSorted()[brightness.length >> 1];
const isBright = Uint32Array.from(brightness, (value) => Number(value >= median));

const backbone = loadBackbone(weights);
const labelled = { ...folder, classes: ["dark", "bright"], labels: isBright };
using set = new EvaluationSet(labelled, { imageSize: backbone.imageSize });
const { features, labels } = await set.features(tokenEmbedding(backbone, "patch-mean"));

const half = labels.length >> 1;
const part = (from: number, to: number) => ({
  features: features.narrow(0, from, to - from),
  labels: labels.subarray(from, to),
});
const probe = evaluateLogreg(part(0, half), part(half, labels.length), { cValues: [0.01, 1, 100] });
console.log(
  `dark or bright: ${probe.top1.percent.toFixed(1)} % are right, with C = ${probe.bestC}`,
);
