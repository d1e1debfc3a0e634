import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import { openAlone } from "../../src/files/atomic_file.ts";
import {
  type Holder,
  Lease,
  readHolder,
  type RenewerMessage,
  writeHolder,
} from "../../src/files/lease.ts";
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
    forge(path, 30);
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
    const began = Date.now();
    try {
      const path = join(folder, "owner.json");
      using lease = await Lease.take(path);
      lease.tell("training");
      const { id } = readHolder(path)!;
      assertEquals(told.map((message) => [message.path, message.id, message.doing]), [
        [path, id, undefined],
        [path, id, "training"],
      ]);
      assert(told.every(({ since }) => Date.parse(since!) >= began));
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
      const began = Date.now();
      forge(path, 50);
      const size = 512;
      for (const doing of [undefined, "training"]) {
        scope.onmessage!({ data: { path, id: "forged", doing, since: "2026-01-01" } });
      }
      assertEquals(timers.map(([, after]) => after), [10_000]);
      timers[0][0]();
      const { renewed, ...holder } = readHolder(path)!;
      assert(Date.parse(renewed) >= began);
      assertEquals([holder.pid, holder.doing, holder.since], [Deno.pid, "training", "2026-01-01"]);
      assertEquals(Deno.statSync(path).size, size);
      scope.onmessage!({ data: { path, id: "another", since: "2026-01-02" } });
      timers[0][0]();
      assertEquals(readHolder(path)?.since, "2026-01-01", "it is not its own any more");

      scope.onmessage!({ data: { path, id: "forged", since: "2026-01-03" } });
      const { readTextFileSync } = Deno;
      Deno.readTextFileSync = (file) => {
        const text = readTextFileSync(file);
        if (file !== path) return text;
        Deno.removeSync(path); // given back, and taken by another, just when it is looked at
        Deno.writeTextFileSync(path, "another's");
        return text;
      };
      try {
        timers[0][0]();
      } finally {
        Deno.readTextFileSync = readTextFileSync;
      }
      assertEquals(Deno.readTextFileSync(path), "another's");
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

/** Runs `body`, whose waits end at once by a clock that they alone move; `onWait` is called at each. Returns how long they were. */
async function withoutWaiting(
  body: () => Promise<void>,
  onWait: (waits: number) => void = () => {},
): Promise<number[]> {
  const { setTimeout } = globalThis, { now } = Date, { now: sinceStart } = performance;
  const waits: number[] = [], began = now();
  let passed = 0;
  Date.now = () => began + passed;
  performance.now = () => passed;
  globalThis.setTimeout = ((end: () => void, milliseconds: number) => {
    passed += milliseconds;
    onWait(waits.push(milliseconds));
    queueMicrotask(end);
  }) as typeof setTimeout;
  try {
    await body();
  } finally {
    globalThis.setTimeout = setTimeout;
    Date.now = now;
    performance.now = sinceStart;
  }
  return waits;
}

Deno.test("a lease that is being given back is looked at three times more, 20 ms apart", () =>
  inTempFolder(async (folder) => {
    const path = join(folder, "owner.json");
    const held = openAlone(path)!;
    writeHolder(held, { id: "held" });
    const reason = `process ${Deno.pid} on this machine is using it`;
    const refused = await withoutWaiting(() =>
      assertRejects(() => Lease.take(path), Error, reason).then(() => {})
    );
    assertEquals(refused, [20, 20, 20]);
    const waits = await withoutWaiting(async () => {
      using _lease = await Lease.take(path);
    }, (count) => count === 3 && held.close());
    assertEquals(waits, [20, 20, 20]);
  }));

Deno.test("who comes before a holder has noted its name waits for the name, five seconds at most", () =>
  inTempFolder(async (folder) => {
    const path = join(folder, "owner.json");
    using held = openAlone(path)!;
    const refused = (reason: string) => assertRejects(() => Lease.take(path), Error, reason);
    const waits = await withoutWaiting(async () => {
      await refused("another process is using it");
    });
    assertEquals(waits.length, 249);
    await withoutWaiting(async () => {
      await refused(`process ${Deno.pid} on this machine is using it`);
    }, (count) => count === 200 && writeHolder(held, { id: "slow" }));
  }));

Deno.test("another machine's lease is void after a minute, by its clock or by ours", () =>
  inTempFolder(async (folder) => {
    const path = join(folder, "owner.json");
    for (const [secondsAgo, looks] of [[50, 21], [-3600, 121]]) { // the second one's clock is an hour ahead
      const told: string[] = [];
      const waits = await withoutWaiting(async () => {
        forge(path, secondsAgo);
        using _lease = await Lease.take(path, { onWait: (text) => told.push(text) });
      });
      assertEquals(waits, Array(looks).fill(500));
      assertEquals(told.length, 1);
    }
  }));

Deno.test("a machine is known by its running system, not by its name", () =>
  inTempFolder(async (folder) => {
    const path = join(folder, "owner.json");
    const own = await (async () => {
      using _lease = await Lease.take(path);
      return readHolder(path)!;
    })();
    const waits = async (holder: Partial<Holder>) => {
      const renewed = new Date().toISOString();
      Deno.writeTextFileSync(path, JSON.stringify({ ...own, ...holder, renewed }));
      const waits = await withoutWaiting(async () => {
        using _lease = await Lease.take(path);
      });
      return waits.length > 0;
    };
    assertEquals(await waits({ host: "renamed" }), false, "its process is gone: the lock is free");
    assertEquals(await waits({ boot: "another" }), true, "containers may share a name");
  }));

Deno.test("a lease's file goes before its lock, and the thread that renews it with them", () =>
  inTempFolder(async (folder) => {
    const path = join(folder, "owner.json");
    const { removeSync } = Deno, { terminate } = Worker.prototype;
    const order: string[] = [];
    Deno.removeSync = (file, options) => {
      order.push(openAlone(path) === undefined ? "removed while locked" : "removed unlocked");
      removeSync(file, options);
    };
    Worker.prototype.terminate = function () {
      order.push("thread ended");
      terminate.call(this);
    };
    try {
      const lease = await Lease.take(path);
      lease[Symbol.dispose]();
    } finally {
      Deno.removeSync = removeSync;
      Worker.prototype.terminate = terminate;
    }
    assertEquals(order, ["thread ended", "removed while locked"]);
  }));
