import "../../native.ts";
import { assertEquals, assertRejects } from "@std/assert";
import { decodeByWasm } from "../../../src/data/codec/jpeg_wasm.ts";
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
