import { assertEquals, assertMatch, assertStringIncludes, assertThrows } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import {
  wholeName,
  writeAll,
  writeAtomically,
  writeTextAtomically,
} from "../../src/files/atomic_file.ts";
import { readSafetensors, writeSafetensors } from "../../src/checkpoint/safetensors.ts";
import { full, zeros } from "../../src/tensor/create.ts";
import { testTensor } from "../helpers.ts";
import { inFolder } from "../checkpoint/in_folder.ts";

const ROOT = fromFileUrl(new URL("../../", import.meta.url));

function names(folder: string): string[] {
  return [...Deno.readDirSync(folder)].map(({ name }) => name).toSorted();
}

/** Another process that writes 64 MB to `path` and whose files may not grow beyond 32. */
function writeBeyondLimit(path: string, atLimit: "write fails" | "process is killed"): {
  output: string;
  signal: Deno.Signal | null;
} {
  const script = `
    import { writeSafetensors } from "./src/checkpoint/safetensors.ts";
    import { zeros } from "./src/tensor/create.ts";
    const tensors = Object.fromEntries([1, 2, 3, 4].map((i) => [i, zeros([4096, 1024])]));
    try { writeSafetensors(Deno.env.get("TARGET"), tensors); } catch (error) { console.log(error.message); }
  `;
  const ignore = atLimit === "write fails" ? 'trap "" XFSZ; ' : "";
  const { stdout, signal } = new Deno.Command("bash", {
    args: ["-c", `${ignore}ulimit -f 32768; exec "$@"`, "bash", Deno.execPath(), "eval", script],
    cwd: ROOT,
    env: { TARGET: path },
  }).outputSync();
  return { output: new TextDecoder().decode(stdout), signal };
}

testTensor("a full disk leaves the old file whole and no debris", () => {
  inFolder((folder) => {
    const path = join(folder, "w.safetensors");
    writeSafetensors(path, { w: full([2], 7) });
    const { output } = writeBeyondLimit(path, "write fails");
    assertMatch(
      output,
      /^Cannot write ".*w\.safetensors", which is unchanged: File too large/,
    );
    assertEquals(readSafetensors(path).tensors.w.toList(), [7, 7]);
    assertEquals(names(folder), ["w.safetensors"]);
  });
});

testTensor("a process killed while writing leaves the old file whole", () => {
  inFolder((folder) => {
    const path = join(folder, "w.safetensors");
    writeSafetensors(path, { w: full([2], 7) });
    assertEquals(writeBeyondLimit(path, "process is killed").signal, "SIGXFSZ");
    assertEquals(readSafetensors(path).tensors.w.toList(), [7, 7]);
    assertEquals(names(folder), ["w.safetensors", "w.safetensors.partial"]);
    assertThrows(() => readSafetensors(`${path}.partial`), Error, "it is cut short");
    writeSafetensors(path, { w: full([2], 8) });
    assertEquals(names(folder), ["w.safetensors"]);
  });
});

testTensor("a tensor that cannot be read stops the writing, the old file stays", () => {
  inFolder((folder) => {
    const path = join(folder, "w.safetensors");
    writeSafetensors(path, { w: full([2], 7) });
    const [whole, gone] = [zeros([2]), zeros([2])];
    assertEquals([gone.numel, gone.dtype], [2, "float32"]); // known to JavaScript before it is freed
    gone.dispose();
    const error = assertThrows(() => writeSafetensors(path, { whole, gone }), Error) as Error;
    assertStringIncludes(error.message, "it was disposed of");
    assertEquals(readSafetensors(path).tensors.w.toList(), [7, 7]);
    assertEquals(names(folder), ["w.safetensors"]);
  });
});

Deno.test("two writers of one path do not share a neighbour, and the last to finish wins", () => {
  inFolder((folder) => {
    const path = join(folder, "w.txt");
    const text = (value: string) => new TextEncoder().encode(value);
    writeAtomically(path, (outer) => {
      writeAll(outer, text("out"));
      writeAtomically(path, (inner) => writeAll(inner, text("inside")));
      assertEquals(Deno.readTextFileSync(path), "inside");
      writeAll(outer, text("er"));
    });
    assertEquals(Deno.readTextFileSync(path), "outer");
    assertEquals(names(folder), ["w.txt"]);
  });
});

Deno.test("a file reaches the disk before it takes its name", () => {
  const { syncSync } = Deno.FsFile.prototype, { renameSync } = Deno;
  const order: string[] = [];
  Deno.FsFile.prototype.syncSync = function () {
    order.push("sync");
    syncSync.call(this);
  };
  Deno.renameSync = (from, to) => {
    order.push("rename");
    renameSync(from, to);
  };
  try {
    inFolder((folder) => writeAtomically(join(folder, "w.txt"), () => {}));
  } finally {
    Deno.FsFile.prototype.syncSync = syncSync;
    Deno.renameSync = renameSync;
  }
  assertEquals(order, ["sync", "rename", "sync"]); // the last is the folder's
});

Deno.test("a path that is a folder is refused and stays", () => {
  inFolder((folder) => {
    assertThrows(() => writeAtomically(folder, () => {}), Error, "which is unchanged");
    assertEquals(names(folder), []);
  });
});

Deno.test("what is being written is told from other files by its name, and what it will be called", () => {
  inFolder((folder) => {
    const path = join(folder, "w.txt");
    writeAtomically(path, () =>
      writeAtomically(path, () => {
        const [second, first] = names(folder);
        assertEquals(first, "w.txt.partial");
        assertMatch(second, /^w\.txt\.[0-9a-f]{8}\.partial$/);
        assertEquals([first, second].map(wholeName), ["w.txt", "w.txt"]);
      }));
  });
  const others = ["w.txt", "w.partial.txt", ".partial", "w.0123456.partial", "w.0123456g.partial"];
  assertEquals(others.map(wholeName), [undefined, undefined, undefined, "w.0123456", "w.0123456g"]);
});

Deno.test("a text is written whole where a single call writes some of it", () => {
  inFolder((folder) => {
    const { writeSync } = Deno.FsFile.prototype;
    Deno.FsFile.prototype.writeSync = function (bytes) {
      return writeSync.call(this, bytes.subarray(0, 3));
    };
    try {
      writeTextAtomically(join(folder, "new", "w.txt"), "größer als drei");
    } finally {
      Deno.FsFile.prototype.writeSync = writeSync;
    }
    assertEquals(Deno.readTextFileSync(join(folder, "new", "w.txt")), "größer als drei");
  });
});

Deno.test("what a killed process left of a longer file does not stand behind a new one", () => {
  inFolder((folder) => {
    const path = join(folder, "w.txt");
    Deno.writeTextFileSync(`${path}.partial`, "far longer than the new text");
    writeTextAtomically(path, "new");
    assertEquals(Deno.readTextFileSync(path), "new");
  });
});

Deno.test("what another writer puts in place at the last moment is not written into", () => {
  inFolder((folder) => {
    const path = join(folder, "w.txt");
    Deno.writeTextFileSync(`${path}.partial`, "theirs");
    const { tryLockSync } = Deno.FsFile.prototype;
    Deno.FsFile.prototype.tryLockSync = function (exclusive) {
      Deno.FsFile.prototype.tryLockSync = tryLockSync;
      Deno.renameSync(`${path}.partial`, path); // it was opened before, and is locked after
      return tryLockSync.call(this, exclusive);
    };
    try {
      writeAtomically(path, (file) => {
        assertEquals(Deno.readTextFileSync(path), "theirs");
        writeAll(file, new TextEncoder().encode("mine"));
      });
    } finally {
      Deno.FsFile.prototype.tryLockSync = tryLockSync;
    }
    assertEquals([Deno.readTextFileSync(path), names(folder)], ["mine", ["w.txt"]]);
  });
});
