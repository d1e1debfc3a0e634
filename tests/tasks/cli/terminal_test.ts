import { assertEquals } from "@std/assert";
import { Terminal, type TextStream } from "../../../tasks/cli/terminal.ts";
import { shellWords } from "../../shell_words.ts";

/** A stream that takes a few bytes at a time and keeps them. */
function memory(columns?: number): TextStream & { text(): string } {
  const taken: number[] = [];
  return {
    columns: () => columns,
    writeSync: (bytes) => {
      taken.push(...bytes.subarray(0, 3));
      return Math.min(3, bytes.length);
    },
    text: () => new TextDecoder().decode(Uint8Array.from(taken)),
  };
}

Deno.test("a line comes out whole, though the stream takes a part at a time", () => {
  const stream = memory();
  new Terminal(stream).line("größer als ein Stück");
  assertEquals(stream.text(), "größer als ein Stück\n");
});

Deno.test("a line is one line whatever stands in it, a text has its lines and colours", () => {
  const stream = memory(80);
  const terminal = new Terminal(stream);
  terminal.line("a\nb\x1b[31m");
  terminal.text("a\nb\x1b[31m");
  terminal.status("a\nb\x1b[31m");
  const status = "\r\x1b[2Ka\\nb\\u001b[31m";
  assertEquals(stream.text(), `a\\nb\\u001b[31m\na\nb\x1b[31m\n${status}`);
});

Deno.test("a status is replaced by the next and gives way to a line, and is shown to nobody off a terminal", () => {
  for (const columns of [80, undefined]) {
    const stream = memory(columns);
    const terminal = new Terminal(stream);
    terminal.status("10 %");
    terminal.status("20 %");
    terminal.line("note");
    terminal.status("");
    const clear = "\r\x1b[2K";
    const shown = columns === undefined ? "note\n" : `${clear}10 %${clear}20 %${clear}note\n`;
    assertEquals(stream.text(), shown);
  }
});

Deno.test("what cannot be written is lost, and the next line is tried again", () => {
  const stream = memory();
  let isFull = true;
  const terminal = new Terminal({
    columns: () => undefined,
    writeSync: (bytes) => {
      if (isFull) throw new Error("No space left on device");
      return stream.writeSync(bytes);
    },
  });
  terminal.line("lost");
  isFull = false;
  terminal.line("kept");
  assertEquals(stream.text(), "kept\n");
});

Deno.test("a full disk or a closed pipe behind the output does not end a program", async () => {
  const module = new URL("../../../tasks/cli/terminal.ts", import.meta.url).href;
  const code = `const { stdout } = await import("${module}");
    for (let i = 0; i < 20; i++) { stdout.line("x".repeat(9000)); await new Promise((r) => setTimeout(r, 5)); }
    Deno.exit(7);`;
  const program = shellWords(Deno.execPath(), "eval", code);
  for (
    const command of [`${program} > /dev/full`, `(${program}; echo $? >&2) | head -c 1 >/dev/null`]
  ) {
    const { code, stderr } = await new Deno.Command("sh", { args: ["-c", command] }).output();
    const status = command.includes("|") ? new TextDecoder().decode(stderr).trim() : String(code);
    assertEquals(status, "7", command);
  }
});
