import "../native.ts";
import { assertEquals } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import { encodeJpeg } from "../../src/data/codec/encode_jpeg.ts";
import { inTempFolder } from "../temp_folder.ts";
import { flagsOf, runTask } from "./run_task.ts";

const WEIGHTS = fromFileUrl(new URL("../golden/vit_reg4_swiglu.pth", import.meta.url));

/** Runs `body` with a folder in which `data` holds thirty images that take tenths of a second each. */
async function withSlowImages(body: (folder: string) => Promise<void>): Promise<void> {
  await inTempFolder(async (folder) => {
    const [width, height] = [1000, 1000];
    const pixels = new Uint8Array(3 * width * height).map((_, i) => (i * i) >> 7);
    const first = join(folder, "data", "0.jpg");
    await Deno.mkdir(join(folder, "data"));
    await Deno.writeFile(first, await encodeJpeg({ width, height, pixels }));
    for (let i = 1; i < 30; i++) await Deno.link(first, join(folder, "data", `${i}.jpg`));
    await body(folder);
  });
}

/** Runs a task, types Ctrl-C once a file is there, and tells how it ended and what it said last. */
async function interrupted(file: string, name: string, ...args: string[]): Promise<unknown[]> {
  const task = fromFileUrl(new URL(`../../tasks/${name}.ts`, import.meta.url));
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", ...flagsOf(name), "--no-check", task, ...args],
    stdout: "null",
    stderr: "piped",
  }).spawn();
  const stderr = new Response(child.stderr).text();
  while (await Deno.stat(file).catch(() => undefined) === undefined) {
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  child.kill("SIGINT");
  const { code } = await child.status;
  return [code, (await stderr).trim().split("\n").at(-1)];
}

const namesIn = (folder: string) => Array.from(Deno.readDirSync(folder), ({ name }) => name).sort();

Deno.test("Ctrl-C leaves no shard, and the same command packs them all", () =>
  withSlowImages(async (folder) => {
    const [data, out] = [join(folder, "data"), join(folder, "out")];
    const args = ["shard", "--data", data, "--output", out, "--per-shard", "2", "--resize", "64"];
    const partial = join(out, "00001.tar.partial");
    assertEquals(await interrupted(partial, "data", ...args), [130, "Stopped; no shard was kept"]);
    assertEquals(namesIn(out), []);
    assertEquals((await runTask("data", ...args)).status, 0);
    assertEquals(namesIn(out).length, 30);
  }));

Deno.test("Ctrl-C keeps what was computed of features beside their file, and the same command goes on with it", () =>
  withSlowImages(async (folder) => {
    const out = join(folder, "out"), file = join(out, "f.npy");
    const flags = ["--batch-size", "1", "--num-workers", "1", "--device", "cpu", "--num-heads=2"];
    const given = ["--weights", WEIGHTS, "--data", join(folder, "data"), "--output", file];
    const args = [...given, "--image-size", "28", ...flags];
    assertEquals(await interrupted(`${file}.partial.json`, "features", ...args), [
      130,
      "Stopped; what was computed is kept, and the same command resumes it",
    ]);
    assertEquals(namesIn(out).includes("f.npy"), false);
    const { status, output } = await runTask("features", ...args);
    assertEquals([status, /Resuming after \d+ of 30 images/.test(output)], [0, true]);
  }));
