import { assertEquals } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import { absolutePath, absoluteSource, shownPath, typedPath } from "../../../tasks/cli/paths.ts";
import { inTempFolder } from "../../temp_folder.ts";

const PROJECT = fromFileUrl(new URL("../../..", import.meta.url)).replace(/\/$/, "");

/** Runs `body` as a task that was called in one folder and started in another. */
function standing(caller: string | undefined, cwd: string, body: () => void): void {
  const before = { cwd: Deno.cwd(), caller: Deno.env.get("INIT_CWD") };
  Deno.chdir(cwd);
  if (caller === undefined) Deno.env.delete("INIT_CWD");
  else Deno.env.set("INIT_CWD", caller);
  try {
    body();
  } finally {
    Deno.chdir(before.cwd);
    if (before.caller === undefined) Deno.env.delete("INIT_CWD");
    else Deno.env.set("INIT_CWD", before.caller);
  }
}

Deno.test("a path is taken from the folder the person stands in, not from that of the project", () => {
  standing("/photos", PROJECT, () => {
    assertEquals(absolutePath("imgs"), "/photos/imgs");
    assertEquals(absolutePath("../imgs"), "/imgs");
    assertEquals(absolutePath("/data/imgs"), "/data/imgs");
    assertEquals(shownPath("/photos/runs/a"), "runs/a");
    assertEquals(shownPath("/data/imgs"), "/data/imgs");
  });
});

Deno.test("a path in a command to type is quoted where a shell would take it apart", () => {
  standing("/photos", PROJECT, () => {
    assertEquals(typedPath("/photos/runs/été_1.a"), "runs/été_1.a");
    assertEquals(typedPath("/photos/my runs/a"), "'my runs/a'");
    assertEquals(typedPath("/data/l'été/{0..9}.tar"), "'/data/l'\\''été/{0..9}.tar'");
  });
});

Deno.test("without deno task, or where a script of a task went elsewhere, it is the working folder", () =>
  inTempFolder((folder) => {
    const real = Deno.realPathSync(folder);
    standing(undefined, PROJECT, () => assertEquals(absolutePath("a"), join(PROJECT, "a")));
    standing("/photos", real, () => assertEquals(absolutePath("a"), join(real, "a")));
  }));

Deno.test("a source of images has its paths made absolute, wherever they are in it", () => {
  standing("/photos", PROJECT, () => {
    const sources = {
      "imgs": "/photos/imgs",
      "imgs:split=val": "/photos/imgs:split=val",
      "shards/{000..123}.tar": "/photos/shards/{000..123}.tar",
      "ImageNet:split=TRAIN:root=data/in1k:extra=extra":
        "ImageNet:split=TRAIN:root=/photos/data/in1k:extra=/photos/extra",
      "ImageNet22k:root=/data/in22k": "ImageNet22k:root=/data/in22k",
      "s3://bucket/imgs": "s3://bucket/imgs",
      "pipe:cat a.tar": "pipe:cat a.tar",
    };
    for (const [typed, absolute] of Object.entries(sources)) {
      assertEquals(absoluteSource(typed), absolute);
    }
  });
});
