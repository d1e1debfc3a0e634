import { assertEquals } from "@std/assert";
import { tellShared, tellSkipped, writeResults } from "../../../tasks/cli/results.ts";
import { inTempFolder } from "../../temp_folder.ts";
import { captured } from "../captured.ts";

const folder = { root: "/val", paths: ["a", "b", "c", "d", "e"] };

Deno.test("up to three shared images are named, and more are counted", async () => {
  const told = async (shared: string[]) =>
    (await captured(() => tellShared(shared, folder))).error.split(": ")[1];
  assertEquals(await told([]), undefined);
  assertEquals(await told(["a", "b", "c"]), "a, b, c\n");
  assertEquals(await told(["a", "b", "c", "d"]), "a, b, c, …\n");
});

Deno.test("names with line ends and escapes stay on their line", async () => {
  const broken = [{ path: "a\n\x1b[2J.jpg", reason: "no image" }];
  const { error } = await captured(() => tellSkipped(folder, broken));
  assertEquals(error, "Skipped /val/a\\n\\u001b[2J.jpg: no image\n");
});

Deno.test("results are written as JSON for people, and it is told where", () =>
  inTempFolder(async (folder) => {
    const path = `${folder}/made/found.json`;
    const { output } = await captured(() => writeResults(path, { top1: 0.5 }));
    assertEquals(output, `Wrote results to ${path}\n`);
    assertEquals(Deno.readTextFileSync(path), '{\n  "top1": 0.5\n}\n');
  }));
