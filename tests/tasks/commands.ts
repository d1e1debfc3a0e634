/**
 * The commands that work with images and networks.
 *
 * @module
 */
import type { Command } from "../../tasks/cli/command.ts";
import { checkCommand } from "../../tasks/data/check.ts";
import { listCommand } from "../../tasks/data/list.ts";
import { shardCommand } from "../../tasks/data/shard.ts";
import { statsCommand } from "../../tasks/data/stats.ts";
import { depthCommand } from "../../tasks/eval/depth.ts";
import { fewShotCommand } from "../../tasks/eval/fewshot.ts";
import { knnCommand } from "../../tasks/eval/knn.ts";
import { linearCommand } from "../../tasks/eval/linear.ts";
import { logregCommand } from "../../tasks/eval/logreg.ts";
import { retrievalCommand } from "../../tasks/eval/retrieval.ts";
import { segmentationCommand } from "../../tasks/eval/segmentation.ts";
import { featuresCommand } from "../../tasks/features.ts";
import { attentionCommand } from "../../tasks/visualize/attention.ts";
import { neighboursCommand } from "../../tasks/visualize/neighbours.ts";
import { pcaCommand } from "../../tasks/visualize/pca.ts";
import { similarityCommand } from "../../tasks/visualize/similarity.ts";

const weights = ["--weights", "w"], data = ["--data", "d"];
const evaluated = [...weights, "--train", "t", "--val", "v"];
const drawn = [...weights, ...data, "--output", "o"];
const ofWeights = "num-heads channels mean std", ofImages = "batch-size num-workers";
const ofEvaluation = `${ofWeights} ${ofImages} image-size`;
const ofPixels = `${ofWeights} ${ofImages} iterations lr seed`;
const ofPictures = `${ofWeights} count image-size`;

/** Each with the flags that it needs, and those of its flags that are numbers. */
export const commands: [command: Command, given: string[], flags: string][] = [
  [knnCommand, evaluated, `${ofEvaluation} nb-knn temperature n-per-class n-tries`],
  [linearCommand, evaluated, `${ofEvaluation} epochs epoch-length learning-rates seed`],
  [logregCommand, evaluated, `${ofEvaluation} c-values max-train-iters seed`],
  [fewShotCommand, evaluated, `${ofEvaluation} n-per-class n-tries temperature c`],
  [retrievalCommand, evaluated, ofEvaluation],
  [segmentationCommand, [...evaluated, "--classes", "2"], `${ofPixels} image-size stride`],
  [depthCommand, evaluated, `${ofPixels} depth-scale max-depth crop-size`],
  [
    featuresCommand,
    [...weights, ...data, "--output", "f.npy"],
    `${ofWeights} ${ofImages} image-size crop-pct`,
  ],
  [pcaCommand, drawn, `${ofPictures} threshold`],
  [attentionCommand, drawn, `${ofPictures} block`],
  [similarityCommand, [...drawn, "--at", "1,2"], ofPictures],
  [neighboursCommand, drawn, `${ofPictures} ${ofImages} neighbours crop-pct`],
  [checkCommand, data, "channels num-workers"],
  [listCommand, data, "channels num-workers"],
  [statsCommand, data, "channels num-workers"],
  [shardCommand, [...data, "--output", "o"], "channels per-shard"],
];
