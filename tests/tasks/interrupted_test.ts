import "../native.ts";
import { assertEquals } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import { encodeJpeg } from "../../src/data/codec/encode_jpeg.ts";
import { inTempFolder } from "../temp_folder.ts";
import { runTask, runTaskAt } from "./run_task.ts";
import { send } from "./send.ts";

const WEIGHTS = fromFileUrl(new URL("../golden/vit_reg4_swiglu.pth", import.meta.url));

/** Images enough that a signal, which Deno hears on a thread of its own, comes before the last one on a busy machine too. */
const COUNT = 60;

/** Runs `body` with a folder in which `data` holds images. */
async function withImages(body: (folder: string) => Promise<void>): Promise<void> {
  await inTempFolder(async (folder) => {
    const pixels = new Uint8Array(3 * 80 * 80).map((_, i) => (i * i) >> 7);
    const jpeg = await encodeJpeg({ width: 80, height: 80, pixels });
    await Deno.mkdir(join(folder, "data"));
    for (let i = 0; i < COUNT; i++) await Deno.writeFile(join(folder, "data", `${i}.jpg`), jpeg);
    await body(folder);
  });
}

/** Runs a task that is sent SIGINT, as Ctrl-C does, once it has made a file, and tells how it ended and what it said last. */
async function interrupted(file: string, name: string, ...args: string[]): Promise<unknown[]> {
  const { status, error } = await runTaskAt({ file, command: send("SIGINT") }, name, ...args);
  return [status, error.trim().split("\n").at(-1)];
}

const namesIn = (folder: string) => Array.from(Deno.readDirSync(folder), ({ name }) => name).sort();

Deno.test("Ctrl-C leaves no shard, and the same command packs them all", () =>
  withImages(async (folder) => {
    const [data, out] = [join(folder, "data"), join(folder, "out")];
    const args = ["shard", "--data", data, "--output", out, "--per-shard", "1", "--resize", "64"];
    const partial = join(out, "00001.tar.partial");
    assertEquals(await interrupted(partial, "data", ...args), [130, "Stopped; no shard was kept"]);
    assertEquals(namesIn(out), []);
    assertEquals((await runTask("data", ...args)).status, 0);
    assertEquals(namesIn(out).length, 2 * COUNT);
  }));

Deno.test("Ctrl-C keeps what was computed of features beside their file, and the same command goes on with it", () =>
  withImages(async (folder) => {
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
    assertEquals([status, new RegExp(`Resuming after \\d+ of ${COUNT} images`).test(output)], [
      0,
      true,
    ]);
  }));
