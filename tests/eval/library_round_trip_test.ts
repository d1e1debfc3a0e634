import { assert } from "@std/assert";
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
const models: LibraryModel[] = (["hf", "timm"] as const).flatMap((library) => [
  { ...small, library, registers: 0, gated: false },
  { ...small, library, registers: 4, gated: true },
]);

function assertAgree(found: Agreement[] | null): void {
  if (found === null) {
    return console.log("Skipped: no Python here has torch, transformers and timm");
  }
  for (const { model, cosine } of found) {
    assert(cosine >= 0.99999, `${JSON.stringify(model)}: the smallest cosine is ${cosine}`);
  }
}

Deno.test("models of Hugging Face and timm compute the same features here", async () => {
  await inTempFolder(async (folder) => assertAgree(await fromLibraries(models, folder)));
});

Deno.test("exported backbones compute the same features in Hugging Face and timm", async () => {
  await inTempFolder(async (folder) => assertAgree(await toLibraries(models, folder)));
});
