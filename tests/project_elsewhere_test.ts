import "./native.ts";
import { assertEquals } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import { inTempFolder } from "./temp_folder.ts";

const ROOT = fromFileUrl(new URL("..", import.meta.url));

const SCRIPT = `
import { type Config, resolveConfig, train } from "@deino/deino";
import { loadBackbone } from "@deino/deino/backbone";
import type { DecodedImage } from "@deino/deino/data";
import { rand, scope } from "@deino/deino/tensor";

async function* images(position: number): AsyncGenerator<DecodedImage> {
  for (let i = position;; i++) {
    yield { width: 32, height: 32, pixels: new Uint8Array(32 * 32 * 3).fill(i) };
  }
}

const config: Config = resolveConfig({
  student: { arch: "vit_nano", patch_size: 8 },
  dino: { head_n_prototypes: 32, head_hidden_dim: 16, head_bottleneck_dim: 8 },
  crops: { global_crops_size: 32, local_crops_size: 16, local_crops_number: 2 },
  train: { output_dir: "run", batch_size_per_gpu: 4, OFFICIAL_EPOCH_LENGTH: 3 },
  optim: { epochs: 1, warmup_epochs: 0 },
});
const { done, folder } = await train(config, { images });
const { model, imageSize } = loadBackbone(folder);
console.log(done, scope(() => model.forward(rand([2, 3, imageSize, imageSize])).shape));
`;

Deno.test("a project elsewhere imports the package by one line, trains and computes features", () =>
  inTempFolder(async (folder) => {
    await Deno.writeTextFile(join(folder, "deno.json"), JSON.stringify({ links: [ROOT] }));
    await Deno.copyFile(join(ROOT, ".deno.lock"), join(folder, "deno.lock")); // spares asking for versions
    await Deno.writeTextFile(join(folder, "main.ts"), SCRIPT);
    const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "--check", "main.ts"],
      cwd: folder,
      env: { NO_COLOR: "1", FORCE_COLOR: "" },
    }).output();
    const [output, error] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
    assertEquals(output, "3 [ 2, 64 ]\n", error);
  }));
