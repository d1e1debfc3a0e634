import { assertEquals, assertThrows } from "@std/assert";
import { Flags } from "../../../tasks/cli/flags.ts";
import { denseArguments, denseFlags } from "../../../tasks/eval/dense_flags.ts";

const flags = { required: ["weights", "train", "val"], optional: denseFlags };
const given = ["--weights", "/w", "--train", "/t", "--val", "/v"];

Deno.test("every flag of an evaluation of pixels reaches it", () => {
  const { known, ...asked } = denseArguments(
    new Flags([
      ...given,
      ...["--train-split", "a", "--val-split", "b", "--head", "/h.pth", "--output", "/o.json"],
      ...["--iterations", "7", "--lr", "0.5", "--seed", "3", "--batch-size", "5"],
      ...["--num-workers", "2", "--device", "cpu", "--num-heads", "6", "--channels", "4"],
      ...["--positions", "hf", "--mean", "0.1,0.2,0.3", "--std", "1,2,3"],
    ], flags),
  );
  assertEquals(asked, {
    ...{ weights: "/w", train: "/t", val: "/v", trainSplit: "a", valSplit: "b" },
    ...{ head: "/h.pth", output: "/o.json", iterations: 7, lr: 0.5, seed: 3 },
    ...{ batchSize: 5, workers: 2, device: "cpu" },
  });
  assertEquals(known, {
    ...{ numHeads: 6, channels: 4, positions: "hf" },
    preprocessing: { mean: [0.1, 0.2, 0.3], std: [1, 2, 3] },
  });
});

Deno.test("what is not said is left to the evaluation, the device to what there is", () => {
  const { known: _, device, ...asked } = denseArguments(new Flags(given, flags));
  assertEquals(device, "auto");
  assertEquals(Object.entries(asked).filter(([, value]) => value !== undefined), [
    ...[["weights", "/w"], ["train", "/t"], ["val", "/v"]],
  ]);
});

Deno.test("heads go into files of weights only", () => {
  const asked = () => denseArguments(new Flags([...given, "--head", "/h.txt"], flags));
  assertThrows(asked, Error, ".pth");
});
