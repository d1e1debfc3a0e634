import { assertEquals, assertStringIncludes } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { runTask } from "./run_task.ts";

const WEIGHTS = fromFileUrl(new URL("../golden/vit_reg4_swiglu.pth", import.meta.url));

Deno.test("weights of an unknown number of heads are refused with a flag where the command has it", async () => {
  const output = ["--format", "hf", "--output", "/nowhere/at/all"];
  const { status, error } = await runTask("export", "--weights", WEIGHTS, ...output);
  assertEquals(status, 1);
  assertStringIncludes(error, "Cannot tell the number of attention heads");
  assertStringIncludes(error, "or give it with --num-heads");

  const training = await runTask("train", "--dry-run", `student.pretrained_weights=${WEIGHTS}`);
  assertEquals(training.status, 1);
  assertStringIncludes(training.error, "use weights with their configuration beside them");
  assertEquals(training.error.includes("--num-heads"), false);
});
