import "../native.ts";
import { assert } from "@std/assert";
import { architectures } from "../../src/vit/architectures.ts";
import { inTempFolder } from "../temp_folder.ts";
import {
  type Agreement,
  fromLibraries,
  type LibraryModel,
  toLibraries,
} from "./library_round_trip.ts";

const small = {
  width: 64,
  depth: 3,
  heads: 4,
  side: 56,
  patch: 14,
  sizes: [[56, 56], [42, 84]],
} as const;
const libraries = ["hf", "timm"] as const;

function smallModels(): LibraryModel[] {
  return libraries.flatMap((library) => [
    { ...small, library, registers: 0, gated: false },
    { ...small, library, registers: 4, gated: true },
  ]);
}

/** ViT-S/14 and B/14 as they were released: minutes, gigabytes. */
function fullSizeModels(): LibraryModel[] {
  return libraries.flatMap((library) =>
    (["vit_small", "vit_base"] as const).flatMap((name) => {
      const { embedDim: width, depth, numHeads: heads } = architectures[name];
      return [0, 4].map((registers) => ({
        ...{ library, width, depth, heads, registers, gated: false, side: 518, patch: 14 },
        sizes: [[224, 224], [518, 518], [224, 392]] as const,
      }));
    })
  );
}

/** DEINO_FULL_SIZE=1 compares models of the released sizes and tells the figures. */
const isFullSize = Deno.env.has("DEINO_FULL_SIZE");
const models = isFullSize ? fullSizeModels() : smallModels();

function assertAgree(found: Agreement[] | null): void {
  if (found === null) {
    return console.log("Skipped: no Python here has torch, transformers and timm");
  }
  for (const { model, cosine } of found) {
    const { library, width, registers, sizes } = model;
    const seen = sizes.map((size) => size.join("x")).join(", ");
    if (isFullSize) {
      console.log(`${library}, width ${width}, ${registers} registers, ${seen}: 1 - ${1 - cosine}`);
    }
    assert(cosine >= 0.99999, `${JSON.stringify(model)}: the smallest cosine is ${cosine}`);
  }
}

Deno.test("models of Hugging Face and timm compute the same features here", async () => {
  await inTempFolder(async (folder) => assertAgree(await fromLibraries(models, folder)));
});

Deno.test("exported backbones compute the same features in Hugging Face and timm", async () => {
  await inTempFolder(async (folder) => assertAgree(await toLibraries(models, folder)));
});
