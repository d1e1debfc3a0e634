import { assert, assertEquals } from "@std/assert";
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
    const files = ["golden_crops", "crops", "blur", "resize"].map((name) =>
      `${import.meta.dirname}/${name}_test.ts`
    );
    const args = ["test", "-A", "--no-check", ...files];
    const env = { DEINO_PIXELS: "portable" };
    const { success, stdout } = await new Deno.Command(Deno.execPath(), { args, env }).output();
    assert(success, new TextDecoder().decode(stdout));
  },
});
