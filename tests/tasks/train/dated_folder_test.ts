import "../../native.ts";
import { assertEquals, assertRejects } from "@std/assert";
import { basename, join } from "@std/path";
import { makeBuiltinDataset } from "../../../src/data/builtin/builtin.ts";
import { trainCommand } from "../../../tasks/train.ts";
import { makeDatedFolder } from "../../../tasks/train/dated_folder.ts";
import { inTempFolder } from "../../temp_folder.ts";
import { tiny } from "./train_process.ts";

Deno.test("runs that begin in one second have folders of their own", () =>
  inTempFolder((folder) => {
    const before = Deno.cwd();
    Deno.chdir(folder);
    try {
      const now = new Date(Date.UTC(2026, 10, 23, 9, 30));
      const names = Array.from({ length: 3 }, () => basename(makeDatedFolder(now)));
      assertEquals(names, [
        "2026-11-23_09-30-00",
        "2026-11-23_09-30-00_2",
        "2026-11-23_09-30-00_3",
      ]);
      assertEquals(Array.from(Deno.readDirSync("runs"), ({ name }) => name).sort(), names);
    } finally {
      Deno.chdir(before);
    }
  }));

Deno.test("a start that fails leaves no dated folder behind", () =>
  inTempFolder(async (folder) => {
    const before = Deno.cwd();
    await makeBuiltinDataset(join(folder, "data"), { trainPerClass: 1, valPerClass: 1, size: 24 });
    Deno.chdir(folder);
    try {
      const batch = "train.batch_size_per_gpu=64"; // more than there are images
      const start = await trainCommand.prepare([...tiny, "--data=data/train", batch]);
      await assertRejects(() => Promise.try(start), Error);
      assertEquals(Array.from(Deno.readDirSync("runs")), []);
    } finally {
      Deno.chdir(before);
    }
  }));
