import { listed, quoted } from "../../files/quoted.ts";
import { architectureOf } from "../../vit/architectures.ts";
import { resolveOptions } from "../../vit/options.ts";
import type { RecognisedBackbone } from "./recognise.ts";
import { groupOf } from "./unwrap.ts";

/**
 * Says in a few lines what was recognised in a file: the network, and what was loaded, ignored and filled in.
 *
 * @param found What was recognised.
 */
export function describeImport(found: RecognisedBackbone): string[] {
  const used = new Set([...found.origins.values()].flatMap(({ from }) => from)).size;
  const total = used + found.leftOver.length;
  return [
    describeNetwork(found),
    `Loaded ${used} of ${total} tensors (${found.mapping.owner} naming)`,
    ...found.leftOver.length > 0 ? [`Ignored: ${grouped(found.leftOver)}`] : [],
    ...found.skipped?.length
      ? [`Skipped Python objects, none of which ran: ${listed(found.skipped.map(quoted))}`]
      : [],
    ...found.inflated ? [describeInflation(found)] : [],
    ...found.madeUp.map((name) => `Not in the file, set to zero: ${name}, which only masking uses`),
  ];
}

function describeInflation({ options: { inChans } }: RecognisedBackbone): string {
  const how = inChans === 1
    ? "summed into one for gray"
    : `repeated for ${inChans} and scaled by 3/${inChans}`;
  return `The patch embedding for red, green and blue was ${how}`;
}

function describeNetwork({ options }: RecognisedBackbone): string {
  const { embedDim, depth, numHeads, patchSize, imgSize, ...rest } = resolveOptions(options);
  const architecture = architectureOf({ embedDim, depth, numHeads });
  const side = imgSize / patchSize;
  const antialiasing = rest.interpolateAntialias ? "with antialiasing" : "without antialiasing";
  const offset = rest.interpolateOffset === 0 ? "" : `, offset ${rest.interpolateOffset}`;
  return [
    `${architecture ?? "Vision transformer"} of width ${embedDim}`,
    `${depth} blocks`,
    `${numHeads} heads`,
    rest.ffnLayer === "mlp" ? "MLP" : "SwiGLU",
    `patches of ${patchSize}`,
    `${rest.numRegisterTokens} registers`,
    `${side} x ${side} positions interpolated ${antialiasing}${offset}`,
  ].join(", ");
}

/** Names by what they begin with, and how many there are: `dino_head (5), optimizer (40)`. */
function grouped(names: readonly string[]): string {
  const groups = Map.groupBy(names, groupOf);
  return Array.from(groups, ([group, { length }]) => length === 1 ? group : `${group} (${length})`)
    .join(", ");
}
