/**
 * `deno task eval COMMAND …`: evaluates frozen features. Ends with status 0, 1 when the evaluation failed,
 * 2 when the command line was wrong.
 *
 * @module
 */
import { main } from "./cli/main.ts";
import { depthCommand } from "./eval/depth.ts";
import { fewShotCommand } from "./eval/fewshot.ts";
import { knnCommand } from "./eval/knn.ts";
import { linearCommand } from "./eval/linear.ts";
import { logregCommand } from "./eval/logreg.ts";
import { retrievalCommand } from "./eval/retrieval.ts";
import { segmentationCommand } from "./eval/segmentation.ts";

await main({
  name: "eval",
  verb: "evaluate",
  summary: "Evaluate frozen features",
  commands: {
    knn: knnCommand,
    linear: linearCommand,
    logreg: logregCommand,
    fewshot: fewShotCommand,
    retrieval: retrievalCommand,
    segmentation: segmentationCommand,
    depth: depthCommand,
  },
});
