import { listed, quoted } from "../../files/quoted.ts";
import { architectureOf } from "../../vit/architectures.ts";
import { resolveOptions } from "../../vit/options.ts";
import type { RecognisedBackbone } from "./recognise.ts";

/**
 * Says in a few lines what was recognised in a file: the network, and what was loaded, ignored and filled in.
 *
 * @param found What was recognised.
 */
export function describeImport(found: RecognisedBackbone): string[] {
  const used = new Set([...found.origins.values()].flatMap(({ from }) => from));
  const total = used.size + found.leftOver.length;
  return [
    describeNetwork(found),
    `Loaded ${used.size} of ${total} tensors (${found.mapping.owner} naming)`,
    ...found.leftOver.length > 0
      ? [`Ignored: ${grouped(found.leftOver, Array.from(used, ({ name }) => name))}`]
      : [],
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

/** Names by the part in which they leave those that were used, and how many there are: `student (63), optimizer (40)`. */
function grouped(names: readonly string[], used: readonly string[]): string {
  const beginnings = new Set(used.flatMap((name) => beginningsOf(name)));
  const groups = Map.groupBy(
    names,
    (name) => beginningsOf(name).find((beginning) => !beginnings.has(beginning)) ?? name,
  );
  return Array.from(groups, ([group, { length }]) => length === 1 ? group : `${group} (${length})`)
    .join(", ");
}

/** What a name may begin with: `a`, `a.b` and `a.b.c` of `a.b.c`. */
function beginningsOf(name: string): string[] {
  const parts = name.split(".");
  return parts.map((_, i) => parts.slice(0, i + 1).join("."));
}
