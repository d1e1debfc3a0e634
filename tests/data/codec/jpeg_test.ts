import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { fromFileUrl } from "@std/path";
import "../../native.ts";
import { decodeImage } from "../../../src/data/codec/decode.ts";
import { MAX_SCANS } from "../../../src/data/codec/jpeg_samples.ts";
import { loadJpeg } from "../../../src/data/pixels/crops.ts";
import { withScans } from "./with_scans.ts";
import digests from "./jpeg/pixels.json" with { type: "json" };

const FOLDER = new URL("jpeg/", import.meta.url);
const LIMITS = { maxPixels: 1e6, maxScans: MAX_SCANS };

function read(name: string): Uint8Array<ArrayBuffer> {
  return Deno.readFileSync(new URL(name, FOLDER));
}

await decodeImage(read("440.jpg")); // opens libjpeg, whichever test comes first

for (const [name, digest] of Object.entries(digests)) {
  Deno.test(`${name} decodes to Pillow's pixels`, async () => {
    const { pixels } = await decodeImage(read(name));
    const own = await crypto.subtle.digest("SHA-256", pixels as Uint8Array<ArrayBuffer>);
    assertEquals(new Uint8Array(own).toHex(), digest);
  });
}

Deno.test("a file that ends without its end marker is refused, as by Pillow", async () => {
  const whole = read("440.jpg");
  for (const length of [whole.length - 2, whole.length - 40, 300]) {
    await assertRejects(() => decodeImage(whole.slice(0, length)), Error, "cut off");
  }
});

Deno.test("a file that ends within a segment that nobody reads is cut off too", () => {
  const comment = Uint8Array.of(0xff, 0xd8, 0xff, 0xfe, 0xff, 0xff, 1, 2, 3); // of 65,533 bytes, three of which are there
  assertThrows(() => loadJpeg(comment, LIMITS), Error, "cut off");
});

Deno.test("pixels are counted as numbers of any size, before memory is taken for them", () => {
  const bytes = read("440.jpg");
  const frame = bytes.findIndex((byte, at) => byte === 0xff && bytes[at + 1] === 0xc0);
  bytes.set([65500 >> 8, 65500 & 255, 65500 >> 8, 65500 & 255], frame + 5); // rows and columns: ITU-T T.81, B.2.2
  assertThrows(
    () => loadJpeg(bytes, LIMITS),
    Error,
    "65500x65500 pixels exceed the limit of 1000000",
  );
});

Deno.test("what libjpeg finds wrong is told in its words, and what it passes over is not told at all", async () => {
  const words = Uint8Array.of(1, 2, 3, 4);
  assertThrows(() => loadJpeg(words, LIMITS), Error, "Not a JPEG file: starts with 0x01 0x02");
  const [decode, passedOver] = ["../../../src/data/codec/decode.ts", "jpeg/no_such_code.jpg"]
    .map((path) => JSON.stringify(new URL(path, import.meta.url)));
  const script = `
    import { decodeImage } from ${decode};
    console.log(String((await decodeImage(Deno.readFileSync(new URL(${passedOver})))).width));`;
  const config = fromFileUrl(new URL("../../../deno.json", import.meta.url));
  const args = ["eval", "--no-check", "--config", config, script];
  const { stdout, stderr } = await new Deno.Command(Deno.execPath(), { args }).output();
  assertEquals([stdout, stderr].map((bytes) => new TextDecoder().decode(bytes)), ["37\n", ""]);
});

Deno.test("memory of JPEG files is given back, of damaged ones too", () => {
  const whole = read("420_progressive.jpg"), damaged = whole.slice(0, -40);
  const load = () => {
    for (let i = 0; i < 500; i++) {
      loadJpeg(whole, LIMITS);
      assertThrows(() => loadJpeg(damaged, LIMITS), Error, "cut off");
    }
  };
  load();
  const before = Deno.memoryUsage().rss;
  load();
  const kept = (Deno.memoryUsage().rss - before) / 2 ** 20;
  assert(kept < 12, `${kept} MB are kept of a thousand files`);
});

Deno.test("a file of a thousand scans, and of 51, is refused before they are decoded", async () => {
  const bytes = read("420_progressive.jpg");
  const refusal = async (count: number) => {
    const file = withScans(bytes, count);
    const reasons = [await decodeImage(file).then(() => "none", (error) => error.message)];
    try {
      loadJpeg(file, LIMITS);
      reasons.push("none");
    } catch (error) {
      reasons.push((error as Error).message);
    }
    return reasons.map((reason) => reason.includes("more than 50 scans"));
  };
  assertEquals([await refusal(1000), await refusal(51)], [[true, true], [true, true]]);
  assertEquals(await refusal(50), [false, false]);
});

Deno.test("inks and gray are converted to the channels asked for", async () => {
  const { pixels, width, height } = await decodeImage(read("inks_without_adobe.jpg"), {
    channels: 4,
  });
  assertEquals(pixels.length, 4 * width * height);
  assertEquals((await decodeImage(read("440.jpg"), { channels: 1 })).pixels.length, 37 * 29);
});

Deno.test("WebAssembly gives the same pixels where it is asked for, and a wrong name is refused", async () => {
  const script = `
    import { decodeImage } from ${
    JSON.stringify(new URL("../../../src/data/codec/decode.ts", import.meta.url))
  };
    const { pixels } = await decodeImage(Deno.readFileSync(new URL("420_progressive.jpg", ${
    JSON.stringify(FOLDER)
  })));
    console.log(new Uint8Array(await crypto.subtle.digest("SHA-256", pixels)).toHex());`;
  const config = fromFileUrl(new URL("../../../deno.json", import.meta.url));
  const run = async (DEINO_JPEG: string) => {
    const args = ["eval", "--config", config, script];
    const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args,
      env: { DEINO_JPEG },
    })
      .output();
    return new TextDecoder().decode(stdout).trim() || new TextDecoder().decode(stderr);
  };
  assertEquals(await run("wasm"), digests["420_progressive.jpg"]);
  assertEquals((await run("gpu")).includes("set it to pillow, system, wasm"), true);
});

Deno.test("samples of 12 bits are refused by name", async () => {
  const bytes = read("440.jpg");
  const frame = bytes.findIndex((byte, at) => byte === 0xff && bytes[at + 1] === 0xc0);
  bytes[frame + 4] = 12; // ITU-T T.81, B.2.2: the bits of a sample
  await assertRejects(() => decodeImage(bytes), Error, "12");
});

Deno.test("a coding that is not read is told by its name", async () => {
  const baseline = read("440.jpg");
  const frame = baseline.findIndex((byte, i) => byte === 0xff && baseline[i + 1] === 0xc0) + 1;
  const codings = [[0xc5, "hierarchical JPEG"], [0xc7, "hierarchical JPEG"], [
    0xf7,
    "JPEG-LS",
  ]] as const;
  for (const [marker, name] of codings) {
    const reason = `damaged or unsupported JPEG (${name} is not read here: save it anew)`;
    await assertRejects(() => decodeImage(baseline.with(frame, marker)), Error, reason);
  }
});
