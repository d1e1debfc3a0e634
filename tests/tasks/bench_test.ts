import { assertEquals, assertStringIncludes } from "@std/assert";
import { fromFileUrl } from "@std/path";
import "../native.ts";
import { inTempFolder } from "../temp_folder.ts";
import { runTask } from "./run_task.ts";

const ROOT = fromFileUrl(new URL("../../", import.meta.url));

/** Runs `deno task bench` in a project whose benches are these. */
async function bench(benches: Readonly<Record<string, string>>, ...args: string[]) {
  let ended = { status: -1, output: "", error: "", json: "" };
  await inTempFolder(async (folder) => {
    await Deno.mkdir(`${folder}/tasks`);
    await Deno.mkdir(`${folder}/tests/bench`, { recursive: true });
    for (const name of ["src", "native", "tasks/cli"]) {
      await Deno.symlink(ROOT + name, `${folder}/${name}`);
    }
    const parts = ["parts.ts", "run_part.ts", "result.ts"].map((file) => `tests/bench/${file}`);
    for (const name of ["tasks/bench.ts", "deno.json", ...parts]) {
      await Deno.copyFile(ROOT + name, `${folder}/${name}`);
    }
    for (const [name, body] of Object.entries(benches)) {
      const text = `export async function* bench({ device }) { ${body} }`;
      await Deno.writeTextFile(`${folder}/tests/bench/${name}_bench.ts`, text);
    }
    const output = await new Deno.Command(Deno.execPath(), {
      args: [
        "run",
        "-A",
        "--no-check",
        `${folder}/tasks/bench.ts`,
        "--device",
        "cpu",
        ...args,
        "--json",
        `${folder}/found.json`,
      ],
      env: { NO_COLOR: "1", FORCE_COLOR: "" },
    }).output();
    const [stdout, stderr] = [output.stdout, output.stderr].map((bytes) =>
      new TextDecoder().decode(bytes)
    );
    const json = await Deno.readTextFile(`${folder}/found.json`).catch(() => "");
    ended = { status: output.code, output: stdout, error: stderr, json };
  });
  return ended;
}

const a =
  `yield { name: "a on " + device, value: 12.3456, unit: "ms", baseline: 24.6912, ratio: 0.5, note: "of two" };`;

Deno.test("parts are measured in turn, a failing one is told and fails at the end, and all figures are noted", async () => {
  const b = `yield { name: "b", value: 7, unit: "GB" }; throw new Error("out of luck");`;
  const { status, output, error, json } = await bench({ op: a, vit: b }, "--only", "op,vit");
  assertEquals([status, error], [1, "vit: out of luck\n"]);
  assertEquals(output.split("\n").slice(1, 3), [
    `${"a on cpu".padEnd(56)}       12.35 ms       24.69 ms  ×0.50  of two`,
    `${"b".padEnd(56)}       7.000 GB ${"".padStart(14)} ${"".padStart(6)}`,
  ]);
  const { results, ...about } = JSON.parse(json);
  assertEquals(results.map(({ name, value }: { name: string; value: number }) => [name, value]), [[
    "a on cpu",
    12.3456,
  ], ["b", 7]]);
  assertEquals(Object.keys(about).length > 2, true, "the machine is told");
});

Deno.test("one part is measured where one is named, and a misspelt one is refused with the nearest", async () => {
  const { status, output } = await bench(
    { op: a, vit: `throw new Error("never")` },
    "--only",
    "op",
  );
  assertEquals([status, output.trimEnd().split("\n").length], [0, 2]);
  const wrong = await runTask("bench", "--only", "stepp");
  assertEquals(wrong.status, 2);
  assertStringIncludes(wrong.error, 'Cannot measure --only stepp: did you mean "step"?');
});

Deno.test("the help names the parts in the order in which they run, and each has its bench", async () => {
  const { output } = await runTask("bench", "--help");
  const names =
    "build device_tests golden ceiling step eager compiled features loading profile learning " +
    "op vit packing memory data sources sharing";
  assertStringIncludes(output, names.split(" ").join(", ") + "\n");
  const benches = Array.from(Deno.readDirSync(`${ROOT}tests/bench`), ({ name }) => name);
  assertEquals(names.split(" ").filter((name) => !benches.includes(`${name}_bench.ts`)), []);
});
