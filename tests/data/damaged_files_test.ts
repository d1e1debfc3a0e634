import { assertEquals } from "@std/assert";
import { DamagedFiles } from "../../src/data/damaged_files.ts";

/** What is told of files with damage, each by its index, and at the end of it all. */
function told(...indices: number[]): string[] {
  const notes: string[] = [];
  const files = new DamagedFiles((text) => notes.push(text));
  for (const index of indices) files.add(index, `${index}.png`, ["cut off", "no end"]);
  files.close();
  files.close();
  return notes;
}

Deno.test("the first damaged file is told with its damage, others are counted once at the end", () => {
  const first = "3.png is damaged, but its pixels are whole: cut off, no end";
  assertEquals(told(), []);
  assertEquals(told(3, 3), [first]);
  assertEquals(told(3, 1, 3, 1, 2), [
    first,
    "Like 3.png, 2 more files are damaged but have whole pixels",
  ]);
});
