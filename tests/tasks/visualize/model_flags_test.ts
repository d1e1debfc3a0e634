import { assertEquals } from "@std/assert";
import { Flags } from "../../../tasks/cli/flags.ts";
import { modelArguments, modelFlags } from "../../../tasks/visualize/model_flags.ts";

Deno.test("unless told otherwise 8 images are shown, on the best device", () => {
  const given = ["--weights", "/w", "--data", "/d", "--output", "/o"];
  const { known: _, ...asked } = modelArguments(new Flags(given, modelFlags));
  const places = { weights: "/w", data: "/d", output: "/o" };
  assertEquals(asked, { ...places, device: "auto", count: 8, imageSize: undefined });
});
