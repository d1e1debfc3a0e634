import { assertEquals } from "@std/assert";
import { printable } from "../../src/files/quoted.ts";

Deno.test("line ends, control characters and turns of direction are escaped, all else is kept", () => {
  assertEquals(
    printable("a b/é猫.jpg\n\r\t\x1b[31m\x7f\u0085\u202etxt\u2067"),
    "a b/é猫.jpg\\n\\r\\t\\u001b[31m\\u007f\\u0085\\u202etxt\\u2067",
  );
});
