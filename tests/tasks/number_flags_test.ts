import { assertThrows } from "@std/assert";
import { commands } from "./commands.ts";

for (const [command, given, flags] of commands) {
  Deno.test(`every number is read before work begins: ${command.summary}`, () => {
    for (const flag of flags.split(" ")) {
      const refusal = `Cannot read --${flag} none`;
      assertThrows(() => command.prepare([...given, `--${flag}=none`]), TypeError, refusal);
    }
  });
}
