import { assertEquals, assertThrows } from "@std/assert";
import { basename, join } from "@std/path";
import { ResumableFile } from "../../src/files/resumable_file.ts";
import { inFolder } from "../checkpoint/in_folder.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

Deno.test("a file appears when it is finished, with its head in front of its pieces", () => {
  inFolder((folder) => {
    const path = join(folder, "new", "f");
    using file = ResumableFile.begin(path, 2);
    file.append(bytes("cd"), 1);
    file.append(bytes("ef"), 2);
    assertThrows(() => Deno.statSync(path), Deno.errors.NotFound);
    file.finish(bytes("ab"));
    assertEquals(Deno.readTextFileSync(path), "abcdef");
    assertEquals(Array.from(Deno.readDirSync(join(folder, "new")), ({ name }) => name), ["f"]);
  });
});

Deno.test("a killed process's file goes on behind its last noted piece", () => {
  inFolder((folder) => {
    const path = join(folder, "f");
    {
      using killed = ResumableFile.begin(path, 0);
      killed.append(bytes("ab"), { row: 1 });
    }
    Deno.writeFileSync(`${path}.partial`, bytes("half a pie"), { append: true });
    assertEquals(ResumableFile.unfinished(path), { row: 1 });
    using file = ResumableFile.resume(path);
    file.append(bytes("c"), { row: 2 });
    file.finish(new Uint8Array());
    assertEquals(Deno.readTextFileSync(path), "abc");
    assertEquals(ResumableFile.unfinished(path), undefined);
  });
});

Deno.test("a file that ends with its last noted piece goes on there", () => {
  inFolder((folder) => {
    const path = join(folder, "f");
    {
      using killed = ResumableFile.begin(path, 0);
      killed.append(bytes("ab"), 1);
    }
    assertEquals(ResumableFile.unfinished(path), 1);
  });
});

Deno.test("a file shorter than its note is no file to go on with", () => {
  inFolder((folder) => {
    const path = join(folder, "f");
    {
      using killed = ResumableFile.begin(path, 0);
      killed.append(bytes("abc"), 1);
    }
    Deno.truncateSync(`${path}.partial`, 2);
    assertEquals(ResumableFile.unfinished(path), undefined);
  });
});

Deno.test("a place that cannot be written to is told in a sentence", () => {
  inFolder((folder) => {
    Deno.writeTextFileSync(join(folder, "file"), "");
    assertThrows(() => ResumableFile.begin(join(folder, "file", "f"), 0), Error, "Cannot write");
  });
});

Deno.test("a file that is begun anew has nothing of the one before it, and is written by one process", () => {
  inFolder((folder) => {
    const path = join(folder, "f");
    {
      using killed = ResumableFile.begin(path, 0);
      killed.append(bytes("longer"), 1);
      killed.append(bytes(""), 2);
      assertThrows(() => ResumableFile.begin(path, 0), Error, "another process is writing to it");
    }
    Deno.writeTextFileSync(`${path}.partial.json`, JSON.stringify({ bytes: 0, note: 2 }));
    assertEquals(ResumableFile.unfinished(path), 2);
    using file = ResumableFile.begin(path, 1);
    assertEquals(ResumableFile.unfinished(path), undefined);
    file.append(bytes("b"), 1);
    file.finish(bytes("a"));
    assertEquals(Deno.readTextFileSync(path), "ab");
  });
});

Deno.test("a piece reaches the disk before it is noted, and the whole before it takes its name", () => {
  const { syncSync } = Deno.FsFile.prototype, { renameSync } = Deno;
  const order: string[] = [];
  Deno.FsFile.prototype.syncSync = function () {
    order.push("sync");
    syncSync.call(this);
  };
  Deno.renameSync = (from, to) => {
    order.push(basename(String(to)));
    renameSync(from, to);
  };
  try {
    inFolder((folder) => {
      using file = ResumableFile.begin(join(folder, "f"), 0);
      file.append(bytes("a"), 1);
      file.finish(new Uint8Array());
    });
  } finally {
    Deno.FsFile.prototype.syncSync = syncSync;
    Deno.renameSync = renameSync;
  }
  assertEquals(order, ["sync", "sync", "f.partial.json", "sync", "sync", "f", "sync"]);
});
