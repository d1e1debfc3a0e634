import { assertEquals } from "@std/assert";
import { counted, listed, printable, quoted } from "../../src/files/quoted.ts";

Deno.test("line ends, control characters and turns of direction are escaped, all else is kept", () => {
  assertEquals(
    printable("a b/é猫.jpg\n\r\t\x1b[31m\x7f\u0085\u202etxt\u2067"),
    "a b/é猫.jpg\\n\\r\\t\\u001b[31m\\u007f\\u0085\\u202etxt\\u2067",
  );
});

Deno.test("a text of more than 80 characters is cut, one of 80 is whole", () => {
  assertEquals(quoted('a"b\n\u0007'), '"a\\"b\ufffd\ufffd"');
  assertEquals(quoted("x".repeat(80)), `"${"x".repeat(80)}"`);
  assertEquals(quoted("x".repeat(81)), `"${"x".repeat(80)}…"`);
});

Deno.test("of more than six items the first six are named, and how many more there are", () => {
  const items = ["a", "b", "c", "d", "e", "f", "g", "h"];
  assertEquals([listed([]), listed(items.slice(0, 6))], ["", "a, b, c, d, e, f"]);
  assertEquals(listed(items), "a, b, c, d, e, f and 2 more");
  assertEquals(listed(items, 7), "a, b, c, d, e, f, g and 1 more");
  assertEquals(listed(items.slice(0, 2), 6, 9), "a, b and 7 more");
});

Deno.test("one thing is counted in the singular, none and several in the plural", () => {
  assertEquals([0, 1, 2].map((count) => counted(count, "image")), [
    "0 images",
    "1 image",
    "2 images",
  ]);
  assertEquals([1, 3].map((count) => counted(count, "class", "classes")), ["1 class", "3 classes"]);
});
