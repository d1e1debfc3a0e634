import "../native.ts";
import { assert, assertEquals, assertMatch } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import { loadBackbone } from "../../src/backbone/backbone.ts";
import { withRun } from "../tasks/small_run.ts";

/** Runs an example as its head says, with types unchecked since `deno task ok` checks them, and returns what it printed. */
async function runExample(name: string, ...args: string[]): Promise<string> {
  const file = fromFileUrl(new URL(`${name}.ts`, import.meta.url));
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", file, ...args],
    env: { NO_COLOR: "1", FORCE_COLOR: "", OMP_NUM_THREADS: "1" },
  }).output();
  const [output, error] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  assertEquals([code, error], [0, ""]);
  return output;
}

Deno.test("examples run on a small run and its images", async (t) => {
  await withRun(async (folder) => {
    const [weights, train, val] = ["run", "data/train", "data/val"].map((at) => join(folder, at));

    await t.step("a training loop of one's own writes weights that can be read", async () => {
      const output = join(folder, "teacher.safetensors");
      assertMatch(
        await runExample("training_loop", train, output),
        /step 0: dino_global.*\n[^]*step 9: .*ibot_loss \d\.\d{3}\n$/,
      );
      using model = loadBackbone(output).model;
      assertEquals(model.options.patchSize, 8);
    });

    await t.step("features of two folders, and k-NN", async () => {
      assertMatch(
        await runExample("features_knn", weights, train, val),
        /^30 features of 64 numbers\nk = 1: .* % of 20 images\n[^]*most like .*\.jpg: .*\.jpg\n$/,
      );
    });

    await t.step("a linear probe tells bright images from dark ones", async () => {
      const found = await runExample("linear_probe", weights, train);
      const percent = Number(/dark or bright: ([\d.]+) % are right/.exec(found)?.[1]);
      assert(percent > 80, `${percent} %`); // half of them by chance
    });

    await t.step("one's own source of images trains", async () => {
      assertMatch(
        await runExample("own_source", join(folder, "discs")),
        /10 of 10: loss \d+\.\d{3}\n10 steps on 80 discs are in .*discs\n$/,
      );
    });

    await t.step("pictures are written", async () => {
      const output = join(folder, "pictures");
      assertMatch(
        await runExample("pictures", weights, train, output),
        /^wrote 11 pictures, such as .*norms\.png\n$/,
      );
      assert((await Deno.stat(join(output, "norms.png"))).size > 1000);
    });
  });
});

Deno.test("a small model of one's own learns two spirals by AdamW", async () => {
  const found = await runExample("small_model");
  const right = Number(/(\d+) of 200 points are right/.exec(found)?.[1]);
  assert(right > 190, found); // 100 by chance
});
