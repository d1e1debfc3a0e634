import { assertEquals, assertMatch } from "@std/assert";
import "../../native.ts";

/** What a program of its own prints. */
async function printed(code: string, env: Record<string, string> = {}): Promise<string> {
  const config = new URL("../../../deno.json", import.meta.url).pathname;
  const source = (path: string) => new URL(`../../../src/${path}`, import.meta.url).href;
  const script = code.replaceAll(/@([\w/.]+)/g, (_, path) => source(path));
  const args = ["eval", "--config", config, script];
  const { stdout, stderr } = await new Deno.Command(Deno.execPath(), { args, env }).output();
  return new TextDecoder().decode(stdout) || new TextDecoder().decode(stderr);
}

Deno.test("a library that is no libjpeg, or is not there, is refused, and the right one opens after it", async () => {
  const lines = (await printed(`
    const { pixels, succeeded } = await import("@ffi/pixels.ts");
    const { readLibjpeg } = await import("@install/libjpeg.ts");
    const { candidates } = readLibjpeg();
    for (const path of ["libm.so.6", "/nowhere/libjpeg.so", candidates[0].path]) {
      try {
        succeeded(pixels().deino_pixels_open_libjpeg(new TextEncoder().encode(path + "\\0")));
        console.log("opened");
      } catch (error) { console.log(error.message.split(":")[0]); }
    }`)).trim().split("\n");
  assertEquals(lines, ["it lacks functions of libjpeg", "/nowhere/libjpeg.so", "opened"]);
});

Deno.test("the decoder that was asked for and is not here is told with the cure", async () => {
  const text = await printed(
    `Deno.readTextFileSync = (path) => { throw new Deno.errors.NotFound(path); };
    const { jpegDecoder } = await import("@data/pixels/libjpeg.ts");
    try { console.log(jpegDecoder().name); } catch (error) { console.log(error.message); }`,
    { DEINO_JPEG: "pillow" },
  );
  assertEquals(
    text,
    "Cannot decode JPEG by DEINO_JPEG=pillow: it was not found. Run `deno task build`, or unset DEINO_JPEG\n",
  );
});

Deno.test("where Pillow's library cannot be opened another decodes, unless that one was asked for", async () => {
  const code = `const read = Deno.readTextFileSync;
    Deno.readTextFileSync = (path) =>
      String(path).endsWith("libjpeg.json") ? '{"path":"/etc/passwd"}' : read(path);
    const { jpegDecoder } = await import("@data/pixels/libjpeg.ts");
    try { console.log(jpegDecoder().name); } catch (error) { console.log(error.message); }`;
  assertMatch(await printed(code, { DEINO_JPEG: "" }), /^(system|wasm)\n$/);
  const asked = await printed(code, { DEINO_JPEG: "pillow" });
  assertMatch(asked, /^Cannot decode JPEG by DEINO_JPEG=pillow: pillow: .*\/etc\/passwd.*\. Run/);
});
