import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { lockFile, tryLockFile } from "../../src/files/lock_file.ts";
import { inTempFolder } from "../temp_folder.ts";

Deno.test("a file that is locked cannot be locked again until it is released", () =>
  inTempFolder((folder) => {
    const path = `${folder}/made/for/it/lock`;
    const lock = tryLockFile(path);
    assert(lock !== undefined);
    assertEquals(tryLockFile(path), undefined);
    assertEquals(tryLockFile(path, { exclusive: false }), undefined);
    lock?.[Symbol.dispose]();
    using again = tryLockFile(path);
    assert(again !== undefined);
  }));

Deno.test("those who share a lock keep only the one out who wants it alone", () =>
  inTempFolder((folder) => {
    const path = `${folder}/lock`;
    using one = tryLockFile(path, { exclusive: false });
    using two = tryLockFile(path, { exclusive: false });
    assert(one !== undefined && two !== undefined);
    assertEquals(tryLockFile(path), undefined);
  }));

Deno.test("waiting for a lock is told, and ends when its holder lets go", () =>
  inTempFolder(async (folder) => {
    const path = `${folder}/lock`;
    const holder = await lockFile(path, { onWait: () => assert(false, "nobody holds it") });
    const waits = Promise.withResolvers<void>();
    const waiting = lockFile(path, { onWait: waits.resolve });
    await waits.promise;
    holder[Symbol.dispose]();
    using lock = await waiting;
    assert(lock !== undefined);
  }));

Deno.test("the lock of a process that is killed goes with it", () =>
  inTempFolder(async (folder) => {
    const path = `${folder}/lock`;
    const module = new URL("../../src/files/lock_file.ts", import.meta.url).href;
    const code = `const { tryLockFile } = await import("${module}");
      globalThis.lock = tryLockFile("${path}"); console.log("held"); setTimeout(() => {}, 1e6);`;
    const child = new Deno.Command(Deno.execPath(), { args: ["eval", code], stdout: "piped" })
      .spawn();
    const reader = child.stdout.getReader();
    await reader.read();
    assertEquals(tryLockFile(path), undefined);
    child.kill("SIGKILL");
    await child.status;
    await reader.cancel();
    using lock = tryLockFile(path);
    assert(lock !== undefined);
  }));

Deno.test("a lock that cannot be made is an error that names the file", () =>
  inTempFolder(async (folder) => {
    Deno.writeTextFileSync(`${folder}/file`, "");
    const path = `${folder}/file/lock`;
    assertThrows(() => tryLockFile(path), Error, `Cannot lock "${path}"`);
    await assertRejects(() => lockFile(path), Error, `Cannot lock "${path}"`);
  }));
