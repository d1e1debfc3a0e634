/**
 * `deno task visualize COMMAND …`: draws pictures of what a network sees. Ends with status 0, 1 when that failed, 2 when
 * the command line was wrong.
 *
 * @module
 */
import { main } from "./cli/main.ts";
import { attentionCommand } from "./visualize/attention.ts";
import { cropsCommand } from "./visualize/crops.ts";
import { neighboursCommand } from "./visualize/neighbours.ts";
import { pcaCommand } from "./visualize/pca.ts";
import { similarityCommand } from "./visualize/similarity.ts";

await main({
  name: "visualize",
  verb: "visualize",
  summary: "Draw pictures of what a network sees",
  commands: {
    pca: pcaCommand,
    attention: attentionCommand,
    similarity: similarityCommand,
    neighbours: neighboursCommand,
    crops: cropsCommand,
  },
});
