import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import { Lease, readHolder, type RenewerMessage } from "../../src/files/lease.ts";
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
        `process ${Deno.pid} on this machine is using it`,
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
    assertEquals(waits, [`Waiting for process 4711 on elsewhere, which is using ${folder}`]);
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

Deno.test("the thread that renews a lease is told what its holder does, at once and when that changes", () =>
  inTempFolder(async (folder) => {
    const { Worker } = globalThis;
    const told: RenewerMessage[] = [];
    globalThis.Worker = class {
      postMessage(message: RenewerMessage) {
        told.push(message);
      }
      terminate() {}
    } as unknown as typeof Worker;
    try {
      const path = join(folder, "owner.json");
      using lease = await Lease.take(path);
      lease.tell("training");
      const { id } = readHolder(path)!;
      assertEquals(told.map((message) => [message.path, message.id, message.doing]), [
        [path, id, undefined],
        [path, id, "training"],
      ]);
      assert(told.every(({ since }) => Math.abs(Date.now() - Date.parse(since!)) < 10_000));
    } finally {
      globalThis.Worker = Worker;
    }
  }));

Deno.test("a lease is renewed every ten seconds while it is its holder's, and what is done stands in it", () =>
  inTempFolder(async (folder) => {
    const path = join(folder, "owner.json");
    const scope = globalThis as unknown as { onmessage: ((event: unknown) => void) | null };
    const { setInterval } = globalThis;
    const timers: [renew: () => void, after: number][] = [];
    globalThis.setInterval = ((...timer: typeof timers[0]) => timers.push(timer)) as never;
    try {
      await import("../../src/files/lease_worker.ts");
      forge(path, 50);
      const size = 512;
      for (const doing of [undefined, "training"]) {
        scope.onmessage!({ data: { path, id: "forged", doing, since: "2026-01-01" } });
      }
      assertEquals(timers.map(([, after]) => after), [10_000]);
      timers[0][0]();
      const { renewed, ...holder } = readHolder(path)!;
      assert(Math.abs(Date.now() - Date.parse(renewed)) < 10_000);
      assertEquals([holder.pid, holder.doing, holder.since], [Deno.pid, "training", "2026-01-01"]);
      assertEquals(Deno.statSync(path).size, size);
      scope.onmessage!({ data: { path, id: "another", since: "2026-01-02" } });
      timers[0][0]();
      assertEquals(readHolder(path)?.since, "2026-01-01", "it is not its own any more");
    } finally {
      scope.onmessage = null;
      globalThis.setInterval = setInterval;
    }
  }));

Deno.test("a lease that a full disk does not let be noted is given back at once", () =>
  inTempFolder(async (folder) => {
    const path = join(folder, "owner.json");
    const { writeSync } = Deno.FsFile.prototype;
    Deno.FsFile.prototype.writeSync = () => {
      throw new Error("No space left on device");
    };
    try {
      await assertRejects(() => Lease.take(path), Error, `Cannot write "${path}": No space left`);
    } finally {
      Deno.FsFile.prototype.writeSync = writeSync;
    }
    assertEquals([...Deno.readDirSync(folder)], []);
    using _lease = await Lease.take(path);
  }));
