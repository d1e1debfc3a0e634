import { assertEquals, assertMatch } from "@std/assert";
import { fromFileUrl } from "@std/path";
import "../../native.ts";

/** What a program of its own prints. */
async function printed(code: string, env: Record<string, string> = {}): Promise<string> {
  const config = fromFileUrl(new URL("../../../deno.json", import.meta.url));
  const source = (path: string) => new URL(`../../../src/${path}`, import.meta.url).href;
  const script = code.replaceAll(/@([\w/.]+)/g, (_, path) => source(path));
  const args = ["eval", "--config", config, script];
  const { stdout, stderr } = await new Deno.Command(Deno.execPath(), { args, env }).output();
  return new TextDecoder().decode(stdout) || new TextDecoder().decode(stderr);
}

Deno.test("a library that is no libjpeg, or is not there, is refused, and the right one opens after it", async () => {
  const lines = (await printed(`
    const { readDecoderLibrary } = await import("@install/decoder_libraries.ts");
    const { openLibjpeg } = await import("@data/pixels/libjpeg.ts");
    const { candidates } = readDecoderLibrary("JPEG");
    for (const path of ["libm.so.6", "/nowhere/libjpeg.so", candidates[0].path]) {
      try {
        openLibjpeg(path);
        console.log("opened");
      } catch (error) { console.log(error.message.split(":")[0]); }
    }`)).trim().split("\n");
  assertEquals(lines, ["it lacks functions of libjpeg", "/nowhere/libjpeg.so", "opened"]);
});

/** Prints who decodes each format, or why nobody does. */
const CHOICES = `
  const { decoderOf } = await import("@data/pixels/decoder_choice.ts");
  for (const format of ["JPEG", "AVIF", "JPEG 2000"]) {
    try { console.log(decoderOf(format).name); } catch (error) { console.log(error.message); }
  }`;
const every = (name: string) => ({ DEINO_JPEG: name, DEINO_AVIF: name, DEINO_JPEG2000: name });

Deno.test("the decoder that was asked for and is not here is told with the cure", async () => {
  const code =
    `Deno.readTextFileSync = (path) => { throw new Deno.errors.NotFound(path); };${CHOICES}`;
  const [jpeg, avif, jpeg2000] = (await printed(code, every("pillow"))).trim().split("\n");
  assertEquals(
    jpeg,
    "Cannot decode JPEG by DEINO_JPEG=pillow: it was not found. Run `deno task build`, or unset DEINO_JPEG",
  );
  assertMatch(avif, /^Cannot decode AVIF by DEINO_AVIF=pillow: it was not found\./);
  assertMatch(jpeg2000, /^Cannot decode JPEG 2000 by DEINO_JPEG2000=pillow: it was not found\./);
  assertEquals(await printed(CHOICES, every("wasm")), "wasm\nwasm\nwasm\n");
});

Deno.test("where Pillow's library cannot be opened another decodes, unless that one was asked for", async () => {
  const noted = Object.fromEntries(
    ["JPEG", "AVIF", "JPEG 2000"].map((name) => [name, "/etc/passwd"]),
  );
  const code = `const read = Deno.readTextFileSync;
    Deno.readTextFileSync = (path) =>
      String(path).endsWith("decoder_libraries.json") ? '${JSON.stringify(noted)}' : read(path);
    ${CHOICES}`;
  assertMatch(await printed(code, every("")), /^((system|wasm)\n){3}$/);
  for (const line of (await printed(code, every("pillow"))).trim().split("\n")) {
    assertMatch(line, /^Cannot decode .* by DEINO_\w+=pillow: pillow: .*\/etc\/passwd.*\. Run/);
  }
});

Deno.test("a thread decodes by what another chose, without a look of its own", async () => {
  const code = `const { adoptDecoders, chooseDecoders, decoderOf } =
      await import("@data/pixels/decoder_choice.ts");
    const mine = { name: "system", path: "libavif.so.16" };
    adoptDecoders({ JPEG: { name: "wasm" }, AVIF: mine, "JPEG 2000": { name: "wasm" } });
    console.log(decoderOf("JPEG").name, decoderOf("AVIF").name, JSON.stringify(chooseDecoders().AVIF));`;
  const chosen = 'wasm system {"name":"system","path":"libavif.so.16"}\n';
  assertEquals(await printed(code, every("pillow")), chosen);
});
