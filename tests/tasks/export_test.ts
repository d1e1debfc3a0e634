import "../native.ts";
import { assertEquals, assertMatch, assertStringIncludes, assertThrows } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import { loadBackbone } from "../../src/backbone/backbone.ts";
import { exportCommand } from "../../tasks/export.ts";
import { withRun } from "./small_run.ts";
import { watched } from "./watched.ts";
import { flagsOf } from "./run_task.ts";
import { inTempFolder } from "../temp_folder.ts";

const TASK = fromFileUrl(new URL("../../tasks/export.ts", import.meta.url));
const WEIGHTS = fromFileUrl(new URL("../golden/vit_reg4_swiglu.pth", import.meta.url));

Deno.test("a file of torch.save becomes a folder for Hugging Face from the command line", async () => {
  await inTempFolder(async (folder) => {
    const output = join(folder, "hf");
    const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: [
        "run",
        ...flagsOf("export"),
        TASK,
        "--weights",
        WEIGHTS,
        "--num-heads",
        "2",
        "--format",
        "hf",
      ]
        .concat("--output", output),
    }).output();
    assertEquals([code, new TextDecoder().decode(stderr)], [0, ""]);
    const lines = new TextDecoder().decode(stdout).trim().split("\n");
    assertStringIncludes(lines[1], "4 blocks, 2 heads, SwiGLU, patches of 14, 4 registers");
    assertEquals(lines[2], "Loaded 64 of 64 tensors (reference naming)");
    assertEquals(lines.at(-3), "Read back: same features at 70×70");
    assertEquals(
      lines.at(-1),
      `In Python: model = transformers.AutoModel.from_pretrained("${output}")`,
    );
    assertEquals(Array.from(Deno.readDirSync(output), ({ name }) => name).toSorted(), [
      "config.json",
      "model.safetensors",
      "preprocessor_config.json",
    ]);
  });
});

Deno.test("what was written is told, and whether its library resizes positions to the same features", () =>
  withRun(async (folder, [, run]) => {
    const told = async (format: string, name: string, ...flags: string[]) => {
      const given = ["--weights", run, "--format", format, "--output", join(folder, name)];
      return (await watched(exportCommand, ...given, ...flags)).output.trimEnd().split("\n");
    };
    const lines = await told("timm", "a.safetensors");
    assertMatch(lines[0], /teacher_checkpoint.safetensors$/);
    assertMatch(lines[1], /4 x 4 positions interpolated without antialiasing, offset 0.1$/);
    assertEquals(lines.slice(3, 5), [
      `Wrote ${join(folder, "a.safetensors")}`,
      "Read back: same features at 32×32",
    ]);
    const library = "With the target library's position interpolation: ";
    const largest =
      /^features differ by at most (\d\.\de[+-]\d) at 32×48, because it interpolates positions differently$/
        .exec(lines[5].slice(library.length))?.[1];
    assertEquals(Number(largest) > 1e-3, true, lines[5]);
    const own = await told("timm", "b.safetensors", "--positions", "timm", "--channels", "1");
    assertEquals(own.at(-2), `${library}same features at 32×48`);
    assertEquals(
      own.at(-1),
      "In Python: model = timm.models.VisionTransformer(img_size=32, patch_size=8, embed_dim=64, depth=4, " +
        "num_heads=2, in_chans=1, init_values=1, mlp_ratio=4, num_classes=0, dynamic_img_size=True); " +
        `timm.models.load_checkpoint(model, "${join(folder, "b.safetensors")}")`,
    );
    using model = loadBackbone(join(folder, "b.safetensors"), { positions: "timm" }).model;
    assertEquals(model.options.inChans, 1);
    await told("hf", "hf", "--mean", "0.1,0.2,0.3", "--std", "1,2,3");
    const processor = await Deno.readTextFile(join(folder, "hf", "preprocessor_config.json"));
    const { image_mean, image_std } = JSON.parse(processor);
    assertEquals([image_mean, image_std], [[0.1, 0.2, 0.3], [1, 2, 3]]);
  }));

const given = ["--weights", "w", "--output", "o.safetensors"];
const wrong: [args: string[], hint: string][] = [
  [given, "Missing required --format"],
  [
    [...given, "--format", "onnx"],
    "Cannot read --format onnx: choose from safetensors, pth, hf, timm",
  ],
  [[...given, "--format", "pth"], "its name must end in .pth or .pt or .bin"],
  [[...given, "--format", "timm", "--num-heads", "0"], "Cannot read --num-heads 0"],
];

Deno.test("wrong usage is told before weights are read", () => {
  for (const [args, hint] of wrong) {
    assertThrows(() => exportCommand.prepare(args), TypeError, hint);
  }
});

Deno.test("help lists every flag", () => {
  for (const flag of ["--weights", "--num-heads", "--positions", "--format", "--output"]) {
    assertStringIncludes(exportCommand.help, flag);
  }
});
