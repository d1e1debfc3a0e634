import "./native.ts";
import { assert } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import { withRun } from "./tasks/small_run.ts";

const ROOT = fromFileUrl(new URL("..", import.meta.url));

/** The files of a folder and of those in it, from the root. */
function filesIn(folder: string): string[] {
  return Array.from(Deno.readDirSync(join(ROOT, folder))).flatMap(({ name, isDirectory }) => {
    const path = join(folder, name);
    return isDirectory ? filesIn(path) : [path];
  });
}

Deno.test("code in the documentation and in the README runs", () =>
  withRun(async (folder) => {
    // What examples speak of: a run in runs/a, and images in photos.
    await Deno.mkdir(join(folder, "runs"));
    await Deno.rename(join(folder, "run"), join(folder, "runs", "a"));
    await Deno.symlink(join(folder, "data", "train"), join(folder, "photos"));
    const files = ["mod.ts", "README.md", ...filesIn("src"), ...filesIn(".github")]
      .map((file) => join(ROOT, file))
      .filter((file) => Deno.readTextFileSync(file).includes("```ts\n"));
    const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: [
        ...["test", "-A", "--doc", "--no-check", "--config", join(ROOT, "deno.json")],
        ...["--preload", join(ROOT, "tests", "native.ts"), ...files],
      ],
      cwd: folder,
      env: { NO_COLOR: "1", FORCE_COLOR: "" },
    }).output();
    const [output, error] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
    assert(success, output + error);
    const passed = Number(/(\d+) passed/.exec(output)?.[1]);
    assert(passed >= files.length && files.length > 15, `only ${passed} examples ran:\n${output}`);
  }));
