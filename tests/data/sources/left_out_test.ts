import { assertEquals } from "@std/assert";
import { describeLeftOut, LeftOutAccount, nameSome } from "../../../src/data/sources/left_out.ts";

Deno.test("an account counts all of a reason and keeps the first twenty names, also where two are united", () => {
  const account = new LeftOutAccount();
  for (let i = 0; i < 15; i++) account.add("broken", `${i}`);
  const names = Array.from({ length: 15 }, (_, i) => `b${i}`);
  account.addAll([{ reason: "broken", count: 30, examples: names, kind: "lost" }]);
  for (let i = 0; i < 21; i++) account.add("hidden", `${i}`, "expected");
  const [broken, hidden] = account.list();
  assertEquals([broken.reason, broken.count, broken.kind], ["broken", 45, "lost"]);
  assertEquals(broken.examples.slice(14), ["14", "b0", "b1", "b2", "b3", "b4"]);
  assertEquals([hidden.count, hidden.examples.length, hidden.kind], [21, 20, "expected"]);
  assertEquals(new LeftOutAccount([broken]).list(), [broken]);
});

Deno.test("three names are told, printable, and how many more there are", () => {
  assertEquals(nameSome(["a", "b", "c"]), "a, b, c");
  assertEquals(nameSome(["a", "b\n", "c", "d"], 9), "a, b\\n, c and 6 more");
  const group = { reason: "by its fields", count: 1, examples: ["a"] };
  assertEquals(
    (["lost", "changed", "expected"] as const).map((kind) => describeLeftOut({ ...group, kind })),
    ["Skipped a: by its fields", "Reinterpreted a: by its fields", "Skipped a: by its fields"],
  );
});
