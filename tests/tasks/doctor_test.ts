import "../native.ts";
import { assertEquals, assertMatch } from "@std/assert";
import { stripAnsiCode } from "@std/fmt/colors";
import { diagnose } from "../../src/install/doctor.ts";
import { thisMachine } from "../../src/install/machine.ts";
import { interrupt, resume, withSmallRun } from "../train/small_run.ts";
import { doctorCommand } from "../../tasks/doctor.ts";
import { runCommand } from "./captured.ts";
import { runTask } from "./run_task.ts";

Deno.test("doctor tells of each file of a run, who uses it, after what it resumes, and when it is finished", () =>
  withSmallRun({}, async ({ config }) => {
    const folder = config.train.output_dir;
    const told = async () => {
      const { status, output } = await runCommand(doctorCommand, "--run", folder);
      return { status, lines: stripAnsiCode(output).trimEnd().split("\n") };
    };
    await interrupt(config);
    const { status, lines } = await told();
    assertEquals([status, lines.at(-1)], [0, "It resumes after 11 of 12 iterations"]);
    const metrics = lines.find((line: string) => line.includes("training_metrics.json"));
    assertMatch(metrics ?? "", /^✓ training_metrics.json: .* match their digest$/);
    assertMatch(lines.at(-2)!, /^– environment.json: /);
    await resume(folder);
    assertEquals((await told()).lines.at(-1), "It is finished, after 12 iterations");
    const holder = { id: "a", host: "far", boot: "b", pid: 7, renewed: "2026-01-02T03:04:05Z" };
    const hold = (more: object) =>
      Deno.writeTextFileSync(`${folder}/owner.json`, JSON.stringify({ ...holder, ...more }));
    hold({});
    const uses = "Process 7 on far is using it", sign = "last sign of life at 2026-01-02T03:04:05Z";
    assertEquals((await told()).lines.at(-2), `${uses}; ${sign}`);
    hold({ doing: "step 3", since: "2026-01-02T03:00:00Z" });
    assertEquals(
      (await told()).lines.at(-2),
      `${uses}: step 3 since 2026-01-02T03:00:00Z; ${sign}`,
    );
    for (const { name } of Deno.readDirSync(folder)) {
      if (name.startsWith("model_")) Deno.writeTextFileSync(`${folder}/${name}`, "torn");
    }
    const torn = await told();
    assertEquals([torn.status, torn.lines.at(-1)], [1, "No checkpoint can be resumed"]);
    assertMatch(torn.lines.join("\n"), /^✗ model_0000011.safetensors: /m);
  }));

Deno.test("doctor tells a cure below what is missing, and ends with status 1", async () => {
  const names = ["PATH", "LIBTORCH"], before = names.map((name) => Deno.env.get(name));
  try {
    Deno.env.set("PATH", "/nowhere");
    Deno.env.set("LIBTORCH", "/nowhere"); // so that the shim is not current
    const { status, output } = await runCommand(doctorCommand);
    const expected = (await diagnose(thisMachine())).flatMap(({ part, state, found, cure }) => [
      `${{ found: "✓", missing: "✗", optional: "–" }[state]} ${part.padEnd(18)} ${found}`,
      ...cure === undefined ? [] : [`${" ".repeat(21)}${cure}`],
    ]);
    assertEquals(stripAnsiCode(output).split("\n").slice(0, expected.length), expected);
    assertEquals([status, expected.some((line) => line.startsWith("✗ compiler"))], [1, true]);
  } finally {
    for (const [i, name] of names.entries()) {
      if (before[i] === undefined) Deno.env.delete(name);
      else Deno.env.set(name, before[i]);
    }
  }
});

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
