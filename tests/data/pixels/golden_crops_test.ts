import { assert, assertEquals, assertThrows } from "@std/assert";
import { loadImage } from "../../../src/data/pixels/crops.ts";
import "../../native.ts";
import { cropBytes, golden } from "./golden_crops.ts";

for (const kind of new Set(golden.map((each) => each.kind))) {
  const ofKind = golden.filter((each) => each.kind === kind);
  if (kind === "blur") continue;
  Deno.test(`${ofKind.length} crops drawn with ${kind} have the bytes of Pillow and torchvision`, async () => {
    for (const each of ofKind) {
      const bytes = cropBytes(each);
      const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
      assertEquals(digest, each.sha256, JSON.stringify(each));
    }
  });
}

Deno.test("of blurred crops at most one byte differs from torchvision's, by one", () => {
  let different = 0;
  for (const each of golden.filter((each) => each.kind === "blur")) {
    const expected = Uint8Array.fromHex(each.bytes!);
    cropBytes(each).forEach((byte, i) => {
      const far = Math.abs(byte - expected[i]);
      assert(far <= 1, `a byte is ${far} off: ${JSON.stringify({ ...each, bytes: "" })}`);
      different += far;
    });
  }
  assert(different <= 1, `${different} bytes differ`);
});

Deno.test({
  name: "code for any processor makes the same bytes",
  ignore: Deno.env.get("DEINO_PIXELS") === "portable",
  fn: async () => {
    const args = ["test", "-A", "--no-check", import.meta.filename!];
    const env = { DEINO_PIXELS: "portable" };
    const { success, stdout } = await new Deno.Command(Deno.execPath(), { args, env }).output();
    assert(success, new TextDecoder().decode(stdout));
  },
});

Deno.test("an image that is not of red, green and blue bytes is refused before native code sees it", () => {
  const floats = { width: 2, height: 1, pixels: new Float32Array(6) };
  const gray = { width: 2, height: 1, pixels: new Uint8Array(2) };
  for (const image of [floats, gray]) {
    assertThrows(() => loadImage(image), TypeError, "not of red, green and blue bytes");
  }
});
