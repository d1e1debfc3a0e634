import { assert } from "@std/assert";
import { testTensor } from "../helpers.ts";
import { readDamaged } from "./damage.ts";

const files = [
  "every_dtype.safetensors",
  "every_view_unchecked.pth",
  "every_view_protocol4.pth",
  "every_view_legacy.pth",
];

for (const name of files) {
  const whole = Deno.readFileSync(new URL(`../golden/${name}`, import.meta.url));
  for (const seed of [0, 1, 2, 3, 4]) {
    testTensor(
      `a thousand damaged copies of ${name} are read or refused in one sentence (${seed})`,
      () => {
        const refused = readDamaged(whole, 1000, seed);
        assert(refused > 100 && refused < 1000, `${refused} of 1000 were refused`);
      },
    );
  }
}
