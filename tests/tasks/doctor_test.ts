import "../native.ts";
import { assertEquals, assertMatch } from "@std/assert";
import { stripAnsiCode } from "@std/fmt/colors";
import { fromFileUrl } from "@std/path";
import { interrupt, resume, withSmallRun } from "../train/small_run.ts";
import { runTask } from "./run_task.ts";

Deno.test("doctor says after what a run resumes, and when it is finished", () =>
  withSmallRun({}, async ({ config }) => {
    const folder = config.train.output_dir;
    const lastLine = async () => {
      const { status, output } = await runTask("doctor", "--run", folder);
      assertMatch(output, /training_metrics.json.* match their digest/);
      return [status, output.trimEnd().split("\n").at(-1)];
    };
    await interrupt(config);
    assertEquals(await lastLine(), [0, "It resumes after 11 of 12 iterations"]);
    await resume(folder);
    assertEquals(await lastLine(), [0, "It is finished, after 12 iterations"]);
  }));

Deno.test("doctor names every part with its mark, and ends with status 1 where one is missing", async () => {
  const { status, output } = await runTask("doctor");
  const plain = stripAnsiCode(output);
  const parts = [
    "Deno",
    "compiler",
    "CMake",
    "build program",
    "Python, pip",
    "libtorch",
    "libdeino.so",
  ];
  for (const part of [...parts, "libdeino_pixels.so", "GPU", "CUDA", "shim loads", "JPEG"]) {
    assertMatch(plain, new RegExp(`^[✓✗–] ${part}`, "m"));
  }
  assertMatch(plain, /^✓ Deno {15}\d/m);
  assertMatch(plain, /^✓ shim loads {9}CUDA devices: \d/m);
  assertMatch(plain, /^✓ JPEG .*libjpeg|^– JPEG .*WebAssembly/m);
  assertEquals(status, plain.includes("✗") ? 1 : 0);
});

Deno.test("build has nothing to say where nothing is to be done", async () => {
  assertEquals(await runTask("build"), { status: 0, output: "", error: "" });
});

Deno.test("the committed operators are those that would be written", async () => {
  const { status, output, error } = await runTask("ops", "--check");
  assertEquals([status, error], [0, ""]);
  assertMatch(output, /^\d{2,} operators, 0 files changed\n$/);
});

Deno.test("headers of operators are looked for where the person stands, in each folder that is named", async () => {
  const project = fromFileUrl(new URL("../../", import.meta.url));
  const { stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", "tasks/ops.ts", "--check", "--libtorch", "torch,other"],
    cwd: project,
    env: { INIT_CWD: "/nowhere" },
  }).output();
  assertMatch(new TextDecoder().decode(stderr), /: \/nowhere\/torch\/\S+ is not readable\n$/);
});
