import "../../native.ts";
import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { openTensorFile } from "../../../src/checkpoint/open_tensor_file.ts";
import { evaluateSegmentation } from "../../../src/eval/dense/evaluate_segmentation.ts";
import { segmentationProtocol } from "../../../src/eval/dense/segmentation_protocol.ts";
import { trainSegmentation } from "../../../src/eval/dense/train_segmentation.ts";
import { percent } from "../../../tasks/eval/percent.ts";
import { segmentationCommand } from "../../../tasks/eval/segmentation.ts";
import { watched } from "../watched.ts";
import { trained, withScenes } from "./scenes.ts";

/** Flags, and what they ask for; in the first case all of them, in the second the defaults. */
const cases = [{
  flags: ["--stride", "9", "--ms", "--reduce-zero-label", "--channels", "1"],
  fitFlags: ["--batch-size", "2", "--lr", "0.1", "--seed", "5"],
  ...{ view: { ms: true, stride: 9 }, reduceZeroLabel: true, known: { channels: 1 } },
  ...{ fit: { batchSize: 2, lr: 0.1, seed: 5 }, seed: 5, stride: 9, drawn: 6 },
}, {
  ...{ flags: [], fitFlags: [], view: {}, reduceZeroLabel: false, known: {} },
  ...{ fit: { batchSize: 16, lr: 0.001 }, seed: 0, stride: 10, drawn: 8 },
}];

for (const { flags, fitFlags, view, reduceZeroLabel, known, fit, seed, stride, drawn } of cases) {
  const asked = flags.length > 0 ? "with all its flags" : "by its defaults";
  Deno.test(`segmentation ${asked} trains, scores and reports as the library does`, () =>
    withScenes(async (root, given) => {
      const [results, head] = [join(root, "results.json"), join(root, "head.safetensors")];
      const names = join(root, "names.txt");
      await Deno.writeTextFile(names, "earth\n sky\n\n");
      const files = ["--output", results, "--head", head, "--classes", names];
      const size = ["--image-size", "16", "--iterations", "3", "--num-workers", "3"];
      const told = await watched(
        ...[segmentationCommand, ...given, ...files, ...size, ...flags, ...fitFlags] as const,
      );
      const protocol = segmentationProtocol({ ...view, imageSize: 16 });
      const { loss, scores: { mIoU, mAcc, aAcc, IoU, Acc } } = await trained(
        ...[root, { kind: "labels", numClasses: 2, reduceZeroLabel }, known] as const,
        (backbone, folder) =>
          trainSegmentation(backbone, folder, protocol, { ...fit, iterations: 3, workers: 1 }),
        (each, folder) => evaluateSegmentation({ ...each, protocol }, folder, { workers: 1 }),
      );
      const report = JSON.parse(await Deno.readTextFile(results));
      const scored = {
        ...{ mIoU: mIoU.percent, mAcc: mAcc.percent, aAcc: aAcc.percent },
        intervals: { mIoU: mIoU.interval, mAcc: mAcc.interval, aAcc: aAcc.interval },
        ...{ IoU: { earth: IoU[0], sky: IoU[1] }, Acc: { earth: Acc[0], sky: Acc[1] } },
        ...{ image_size: 16, stride, scales: protocol.scales },
      };
      const [train, val] = ["train", "val"].map((part) => ({
        ...{ folder: join(root, part), images: part === "val" ? 4 : drawn, left_out: [] },
      }));
      const expected = {
        ...{ ...scored, iterations: 3, loss, seed, weights: join(root, "weights.safetensors") },
        ...{ train, val: { ...val, shared_with_train: 0 } },
      };
      assertEquals(report, JSON.parse(JSON.stringify(expected)));
      assertEquals(told.output.trimEnd().split("\n").slice(-9), [
        ...[`Wrote the head to ${head}`, `Wrote results to ${results}`],
        `3 steps: loss ${loss[0].toFixed(3)} to ${loss[1].toFixed(3)}`,
        `${drawn === 8 ? "8" : `${drawn} of 8`} images for training, 4 for validation`,
        ...[`  mIoU ${percent(mIoU)}`, `  mAcc ${percent(mAcc)}`, `  aAcc ${percent(aAcc)}`],
        `  IoU of earth  ${IoU[0]?.toFixed(2)} %`,
        `  IoU of sky    ${IoU[1]?.toFixed(2) ?? "-"} %`,
      ]);
      assertEquals([told.error, told.threads], ["", 6]);
      const steps = ["training 1/3", "training 2/3", "training 3/3", "scoring 1/4"];
      assertEquals(told.bars.slice(0, 4), steps);
      using file = openTensorFile(head);
      assertEquals(file.state, JSON.parse(JSON.stringify(scored)));
    }));
}
