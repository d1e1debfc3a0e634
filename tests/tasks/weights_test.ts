import { assertEquals, assertStringIncludes } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import { inTempFolder } from "../temp_folder.ts";
import { runTask } from "./run_task.ts";

const WEIGHTS = fromFileUrl(new URL("../golden/vit_reg4_swiglu.pth", import.meta.url));

Deno.test("weights of an unknown number of heads are refused with a flag where the command has it", async () => {
  const output = ["--format", "hf", "--output", "/nowhere/at/all"];
  const { status, error } = await runTask("export", "--weights", WEIGHTS, ...output);
  assertEquals(status, 1);
  assertStringIncludes(error, "Cannot infer the number of attention heads");
  assertStringIncludes(error, "or give it with --num-heads");

  const training = await runTask("train", "--dry-run", `student.pretrained_weights=${WEIGHTS}`);
  assertEquals(training.status, 1);
  assertStringIncludes(training.error, "use weights with their configuration");
  assertEquals(training.error.includes("--num-heads"), false);
});

Deno.test("deno task called from another folder takes paths from there", () =>
  inTempFolder(async (folder) => {
    const config = fromFileUrl(new URL("../../deno.json", import.meta.url));
    const flags = ["--weights", "w.pth", "--format", "pth", "--output", "out.pth"];
    const { INIT_CWD: _, ...env } = Deno.env.toObject(); // a task that runs the tests has set it
    const { code, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["task", "--quiet", "--config", config, "export", ...flags],
      cwd: folder,
      env,
      clearEnv: true,
    }).output();
    assertEquals(code, 1);
    const path = join(Deno.realPathSync(folder), "w.pth");
    assertStringIncludes(new TextDecoder().decode(stderr), `"${path}"`);
  }));
