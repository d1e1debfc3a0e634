import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import { Lease, readHolder } from "../../src/files/lease.ts";
import { inTempFolder } from "../temp_folder.ts";

const ROOT = fromFileUrl(new URL("../../", import.meta.url));

/** Another machine's lease, as it was when it was renewed that many seconds ago. */
function forge(path: string, secondsAgo: number): void {
  const renewed = new Date(Date.now() - 1000 * secondsAgo).toISOString();
  const holder = { id: "forged", host: "elsewhere", boot: "another", pid: 4711, renewed };
  Deno.writeTextFileSync(path, JSON.stringify(holder));
}

Deno.test("a lease is held by one holder at a time, and is gone when it is given back", () =>
  inTempFolder(async (folder) => {
    const path = join(folder, "owner.json");
    {
      using lease = await Lease.take(path);
      lease.confirm();
      assertEquals(readHolder(path)?.pid, Deno.pid);
      await assertRejects(
        () => Lease.take(path),
        Error,
        `process ${Deno.pid} on this machine works in it`,
      );
    }
    assertEquals([...Deno.readDirSync(folder)], []);
    using _again = await Lease.take(path);
  }));

Deno.test("the lease of a process that was killed is free at once", () =>
  inTempFolder(async (folder) => {
    const path = join(folder, "owner.json");
    const script = `
      import { Lease } from "./src/files/lease.ts";
      await Lease.take(Deno.env.get("LEASE"));
      Deno.kill(Deno.pid, "SIGKILL");
    `;
    const { signal } = await new Deno.Command(Deno.execPath(), {
      args: ["eval", "--no-check", script],
      cwd: ROOT,
      env: { LEASE: path },
    }).output();
    assertEquals(signal, "SIGKILL");
    assert(readHolder(path)!.pid !== Deno.pid);
    using _lease = await Lease.take(path);
    assertEquals(readHolder(path)?.pid, Deno.pid);
  }));

Deno.test("another machine's lease that was not renewed for a minute is void", () =>
  inTempFolder(async (folder) => {
    const path = join(folder, "owner.json");
    forge(path, 61);
    const waits: string[] = [];
    using _lease = await Lease.take(path, { onWait: (text) => waits.push(text) });
    assertEquals([readHolder(path)?.pid, waits], [Deno.pid, []]);
  }));

Deno.test("another machine's live lease is waited for, with a line, until it is given back", () =>
  inTempFolder(async (folder) => {
    const path = join(folder, "owner.json");
    forge(path, 58);
    const waits: string[] = [];
    const taken = Lease.take(path, {
      onWait: (text) => {
        waits.push(text);
        setTimeout(() => Deno.removeSync(path), 100);
      },
    });
    using _lease = await taken;
    assertEquals(waits, [`Waiting for process 4711 on elsewhere, which works in ${folder}`]);
  }));

Deno.test("waiting for another machine can be ended", () =>
  inTempFolder(async (folder) => {
    const path = join(folder, "owner.json");
    forge(path, 0);
    const ending = new AbortController();
    const onWait = () => ending.abort();
    await assertRejects(() => Lease.take(path, { onWait, signal: ending.signal }));
    assertEquals(readHolder(path)?.id, "forged");
  }));

Deno.test("who has lost the lease is told so, and takes nothing from its new holder", () =>
  inTempFolder(async (folder) => {
    const path = join(folder, "owner.json");
    const lost = await Lease.take(path);
    forge(path, 0);
    assertThrows(() => lost.confirm(), Error, "process 4711 on elsewhere has taken it over");
    lost[Symbol.dispose]();
    assertEquals(readHolder(path)?.id, "forged");
    Deno.removeSync(path);
    using gone = await Lease.take(path);
    Deno.removeSync(path);
    assertThrows(() => gone.confirm(), Error, "the folder was removed or emptied");
  }));
