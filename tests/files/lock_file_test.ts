import { assert, assertRejects, assertThrows } from "@std/assert";
import { lockFile } from "../../src/files/lock_file.ts";
import { inTempFolder } from "../temp_folder.ts";

/** Waits for a lock that somebody holds until `release`. */
async function assertWaits(path: string, release: () => void | Promise<void>): Promise<void> {
  const waits = Promise.withResolvers<void>();
  let isReleased = false;
  const waiting = lockFile(path, { onWait: waits.resolve }).then((lock) => {
    assert(isReleased, "two hold the lock");
    return lock;
  });
  await Promise.race([waits.promise, waiting]);
  isReleased = true;
  await release();
  using _lock = await waiting;
}

Deno.test("who finds a file locked is told, and waits until its holder lets go", () =>
  inTempFolder(async (folder) => {
    const path = `${folder}/made/for/it/lock`;
    const onWait = () => assert(false, "nobody holds it");
    const holder = await lockFile(path, { onWait });
    await assertWaits(path, () => holder[Symbol.dispose]());
    using _again = await lockFile(path, { onWait });
  }));

Deno.test("the lock of a process that is killed goes with it", () =>
  inTempFolder(async (folder) => {
    const path = `${folder}/lock`;
    const module = new URL("../../src/files/lock_file.ts", import.meta.url).href;
    const code = `const { lockFile } = await import("${module}");
      globalThis.lock = await lockFile("${path}"); console.log("held"); setTimeout(() => {}, 1e6);`;
    const child = new Deno.Command(Deno.execPath(), { args: ["eval", code], stdout: "piped" })
      .spawn();
    const reader = child.stdout.getReader();
    await reader.read();
    await assertWaits(path, async () => {
      child.kill("SIGKILL");
      await child.status;
    });
    await reader.cancel();
  }));

Deno.test("a lock that cannot be made is an error that names the file", () =>
  inTempFolder(async (folder) => {
    Deno.writeTextFileSync(`${folder}/file`, "");
    const path = `${folder}/file/lock`;
    await assertRejects(() => lockFile(path), Error, `Cannot lock "${path}"`);
  }));

Deno.test("a file system without locks is told, and its file let go", () =>
  inTempFolder(async (folder) => {
    const { tryLock } = Deno.FsFile.prototype, { openSync } = Deno;
    let opened: Deno.FsFile | undefined;
    Deno.openSync = (...args) => opened = openSync(...args);
    Deno.FsFile.prototype.tryLock = () => Promise.reject(new Error("not supported"));
    try {
      const path = `${folder}/lock`;
      await assertRejects(() => lockFile(path), Error, `Cannot lock "${path}": not supported`);
    } finally {
      Deno.openSync = openSync;
      Deno.FsFile.prototype.tryLock = tryLock;
    }
    assertThrows(() => opened!.statSync(), Deno.errors.BadResource);
  }));
