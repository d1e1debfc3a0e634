import { assertEquals, assertRejects } from "@std/assert";
import { Codec } from "../../../src/data/codec/codec.ts";

/** What `run` uses: the number of the instance, counted from 1. */
function counting() {
  let made = 0;
  const codec = new Codec(() => Promise.resolve(++made));
  const use = async (width: number, height = 1) => {
    let used = 0;
    await codec.run((instance) => {
      used = instance;
      return { width, height };
    });
    return used;
  };
  return { codec, use };
}

Deno.test("a decoder is kept until it has made 64 MiB of colours, then begun anew, again and again", async () => {
  const { use } = counting();
  const part = Math.ceil(2 ** 22 / 3); // pixels of a sixteenth of that
  for (const round of [1, 2, 3]) {
    for (let i = 0; i < 15; i++) assertEquals(await use(part), round);
    assertEquals(await use(1), round); // 60 MiB so far
    assertEquals(await use(part), round);
  }
});

Deno.test("a decoder is kept for sixteen images of its largest size, for what is dropped is not free at once", async () => {
  const { use } = counting();
  for (const round of [1, 2]) {
    assertEquals(await use(1), round);
    for (let i = 0; i < 16; i++) assertEquals(await use(2 ** 13, 2 ** 13), round);
  }
});

Deno.test("a decoder that fails is not used again, and images decoded meanwhile have one of their own", async () => {
  const { codec, use } = counting();
  assertEquals([await use(1), await use(1)], [1, 1]);
  await assertRejects(
    () =>
      codec.run(() => {
        throw new Error("damaged");
      }),
    Error,
    "damaged",
  );
  assertEquals(await Promise.all([use(1), use(1)]), [2, 3]);
});
