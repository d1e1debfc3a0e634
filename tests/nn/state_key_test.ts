import { assertEquals } from "@std/assert";
import { stateKey } from "../../src/nn/state_key.ts";

Deno.test("field names become checkpoint names by their capitals alone", () => {
  const fields = ["clsToken", "weight", "ls1", "w12", "weightG", "registerTokens", "patchEmbed"];
  assertEquals(fields.map(stateKey), [
    "cls_token",
    "weight",
    "ls1",
    "w12",
    "weight_g",
    "register_tokens",
    "patch_embed",
  ]);
});
