import "../native.ts";
import { assertEquals, assertMatch, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { resolveConfig } from "../../src/config/resolve.ts";
import type { Settings } from "../../src/config/schema.ts";
import { loadBackbone } from "../../src/backbone/backbone.ts";
import { liveTensors } from "../../src/tensor/scope.ts";
import { train } from "../../src/train/loop.ts";
import { writeTiff } from "../data/codec/write_tiff.ts";
import { inTempFolder } from "../temp_folder.ts";

function settings(root: string, data: Settings["data"]): Settings {
  return {
    student: { arch: "vit_nano", patch_size: 8 },
    dino: { head_n_prototypes: 16, head_hidden_dim: 16, head_bottleneck_dim: 8 },
    train: {
      ...{ dataset_path: join(root, "images"), output_dir: join(root, "run"), num_workers: 1 },
      ...{ batch_size_per_gpu: 4, OFFICIAL_EPOCH_LENGTH: 2, device: "cpu" },
    },
    optim: { epochs: 1, warmup_epochs: 0 },
    crops: { global_crops_size: 32, local_crops_size: 16, local_crops_number: 2 },
    data,
  };
}

function writeImages(root: string, samples: number): void {
  Deno.mkdirSync(join(root, "images"));
  for (let i = 0; i < 6; i++) {
    const values = Uint16Array.from({ length: 1600 * samples }, (_, k) => k * (i + 7) * 97);
    const tiff = writeTiff({ width: 40, height: 40, samples, bits: 16, isPlanar: true, values });
    Deno.writeFileSync(join(root, "images", `${i}.tif`), tiff);
  }
}

Deno.test("five channels of 16 bits are trained on, normalised by what the run computed", async () => {
  await inTempFolder(async (root) => {
    const before = liveTensors();
    writeImages(root, 5);
    const config = resolveConfig(settings(root, { channels: 5, mean: "auto", std: "auto" }));
    const notes: string[] = [];
    const { folder, done } = await train(config, {
      onEvent: (event) => event.kind === "note" && notes.push(event.text),
    });
    assertEquals(done, 2);
    assertMatch(notes.join("\n"), /data\.mean=\[0\.\d+(,0\.\d+){4}\]/);
    const { model, normalization } = loadBackbone(folder);
    assertEquals([model.options.inChans, normalization.mean.length], [5, 5]);
    model.dispose();
    assertEquals(liveTensors() - before, 0);
  });
});

Deno.test("images of other channels than the run's are told by name", async () => {
  await inTempFolder(async (root) => {
    writeImages(root, 5);
    const config = resolveConfig(settings(root, { channels: 4 }));
    await assertRejects(() => train(config), Error, "it has 5 channels where 4 are asked for");
  });
});
