import { assertEquals } from "@std/assert";
import { Flags } from "../../../tasks/cli/flags.ts";
import { evaluationArguments, evaluationFlags } from "../../../tasks/eval/evaluation_flags.ts";

const names = { required: ["weights", "train"], optional: [...evaluationFlags, "val"] };

Deno.test("every flag of an evaluation of features reaches it", () => {
  const { known, ...asked } = evaluationArguments(
    new Flags([
      ...["--weights", "/w", "--train", "/t", "--val", "/v", "--output", "/o.json"],
      ...["--cache", "/c", "--image-size", "98", "--batch-size", "5", "--num-workers", "2"],
      ...["--device", "cpu", "--num-heads", "6"],
    ], names),
  );
  assertEquals(asked, {
    ...{ weights: "/w", train: "/t", val: "/v", output: "/o.json", cache: "/c" },
    ...{ imageSize: 98, batchSize: 5, workers: 2, device: "cpu" },
  });
  assertEquals(known.numHeads, 6);
});

Deno.test("an evaluation runs where there is most to compute with unless told otherwise", () => {
  const { device, val, cache } = evaluationArguments(
    new Flags(["--weights", "/w", "--train", "/t"], names),
  );
  assertEquals([device, val, cache], ["auto", undefined, undefined]);
});
