import "../../native.ts";
import { assert, assertEquals, assertRejects } from "@std/assert";
import { decodeImage } from "../../../src/data/codec/decode.ts";
import { decodeByWasm } from "../../../src/data/codec/jpeg_wasm.ts";
import { decoderOf } from "../../../src/data/pixels/decoder_choice.ts";
import digests from "./jpeg/pixels.json" with { type: "json" };
import { bytesOf } from "./pixel_table.ts";
import { withScans } from "./with_scans.ts";

const bytes = Deno.readFileSync(new URL("jpeg/420_progressive.jpg", import.meta.url));

Deno.test("a file of as many scans as are allowed is decoded, and one of more is not", async () => {
  const { channels, values, width, height } = await decodeByWasm(withScans(bytes, 50), 3, 50);
  assertEquals([channels, values.length], [3, 3 * width * height]);
  await assertRejects(
    async () => await decodeByWasm(withScans(bytes, 51), 3, 50),
    Error,
    "more than 50 scans",
  );
});

Deno.test("a file that ends too early is refused, though libjpeg would fill the rest with gray", async () => {
  const decode = async () => await decodeByWasm(bytes.slice(0, -40), 3, 50);
  await assertRejects(decode, Error, "Premature end of JPEG file");
});

/** Files whose rows of colour are halved, which another version of libjpeg makes whole again. */
const HALVED_ROWS: readonly string[] = ["440.jpg", "data_missing.jpg", "no_such_code.jpg"];
/** What Pillow reads and WebAssembly does not. */
const UNREAD: Readonly<Record<string, string>> = {
  "arithmetic.jpg": "arithmetic coding is not implemented",
  "arithmetic_progressive.jpg": "arithmetic coding is not implemented",
};

Deno.test("WebAssembly gives Pillow's pixels, to two gray levels of colours with halved rows, or says what it does not read", async () => {
  for (const [name, digest] of Object.entries(digests)) {
    const file = Deno.readFileSync(new URL(`jpeg/${name}`, import.meta.url));
    const decode = async () => await decodeByWasm(file, name.startsWith("inks") ? 4 : 3, 50);
    if (UNREAD[name] !== undefined) {
      await assertRejects(decode, Error, UNREAD[name]);
      continue;
    }
    if (name.startsWith("inks")) continue;
    const { values } = await decode();
    if (!HALVED_ROWS.includes(name)) {
      const own = await crypto.subtle.digest("SHA-256", values);
      assertEquals(new Uint8Array(own).toHex(), digest, name);
    } else if (decoderOf("JPEG").name !== "wasm") {
      const { pixels } = await decodeImage(file);
      assert(values.every((value, i) => Math.abs(value - pixels[i]) <= 2), name);
    }
  }
});

Deno.test("inks without Adobe's segment are those with it, and damaged ones are refused in words", async () => {
  const file = bytesOf("CMYK.jpg");
  const at = file.findIndex((byte, i) => byte === 0xff && file[i + 1] === 0xee);
  const without = Uint8Array.from([...file.subarray(0, at), ...file.subarray(at + 16)]);
  const { channels, values } = await decodeByWasm(file, 4, 50);
  assertEquals(channels, 4);
  assertEquals((await decodeByWasm(without, 4, 50)).values, values);
  const cut = async () => await decodeByWasm(file.slice(0, 300), 4, 50);
  await assertRejects(cut, Error, "its inks cannot be decoded");
});
