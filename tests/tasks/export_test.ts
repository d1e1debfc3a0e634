import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import { exportCommand } from "../../tasks/export.ts";
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
    assertEquals(lines.at(-2), "Read back: same features at 70×70");
    assertEquals(Array.from(Deno.readDirSync(output), ({ name }) => name).toSorted(), [
      "config.json",
      "model.safetensors",
      "preprocessor_config.json",
    ]);
  });
});

const given = ["--weights", "w", "--output", "o.safetensors"];
const wrong: [args: string[], hint: string][] = [
  [given, "Missing required --format"],
  [[...given, "--format", "onnx"], 'Cannot read --format onnx: did you mean "pth"?'],
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
