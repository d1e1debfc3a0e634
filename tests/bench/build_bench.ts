/** How long the native libraries take to build. */
import { fromFileUrl } from "@std/path";
import type { BenchResult } from "./result.ts";

const BUILD = fromFileUrl(new URL("../../tasks/build.ts", import.meta.url));

/** `deno task build`: seconds, and what it said last. */
export async function* bench(): AsyncGenerator<BenchResult> {
  const began = performance.now();
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", BUILD],
  }).output();
  const [out, err] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes).trim());
  if (!success) throw new Error(err);
  const note = `${out}\n${err}`.trim().split("\n").at(-1);
  yield { name: "build", value: (performance.now() - began) / 1000, unit: "s", note };
}
