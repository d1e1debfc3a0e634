import { assertEquals, assertRejects } from "@std/assert";
import { ignoredSignals } from "../../../tasks/cli/inherited_signals.ts";
import { Interruption, untilStopped } from "../../../tasks/cli/interruption.ts";
import { captured } from "../captured.ts";

/** Sends this process a signal, and waits until it has come. */
async function send(signal: Deno.Signal, hasCome: () => boolean): Promise<void> {
  Deno.kill(Deno.pid, signal);
  while (!hasCome()) await new Promise((resolve) => setTimeout(resolve, 1));
}

/** Runs the body with the names of the signals that this process has ceased to listen to meanwhile. */
async function withGivenBack(body: (given: string[]) => Promise<void>): Promise<void> {
  const { removeSignalListener } = Deno;
  const given: string[] = [];
  Deno.removeSignalListener = (name, listener) => {
    given.push(name);
    removeSignalListener(name, listener);
  };
  try {
    await body(given);
  } finally {
    Deno.removeSignalListener = removeSignalListener;
  }
}

/** The statuses that shells give to processes ended by these signals: 128 and their number. */
const STATUSES = { SIGHUP: 129, SIGQUIT: 131, SIGTERM: 143 } as const; // SIGINT would end the tests

for (const [name, status] of Object.entries(STATUSES)) {
  const ignore = ignoredSignals.has(name as keyof typeof STATUSES);
  const claim = `${name} asks once to stop, with the reason and the status ${status}`;
  Deno.test(claim, { ignore }, async () => {
    let requests = 0;
    using interruption = new Interruption("Stopped by hand", () => requests++);
    const { signal } = interruption;
    assertEquals([signal.aborted, interruption.status], [false, 1]);
    await send(name as Deno.Signal, () => signal.aborted);
    assertEquals([requests, signal.reason.message, interruption.status], [
      1,
      "Stopped by hand",
      status,
    ]);
    assertEquals(interruption.takeSaveRequest(), false);
  });
}

Deno.test("a request to save is told once and stops nothing", async () => {
  using interruption = new Interruption("Stopped");
  let hasCome = false;
  const listen = () => hasCome = true;
  Deno.addSignalListener("SIGUSR2", listen);
  await send("SIGUSR2", () => hasCome);
  Deno.removeSignalListener("SIGUSR2", listen);
  assertEquals([interruption.takeSaveRequest(), interruption.takeSaveRequest()], [true, false]);
  assertEquals(interruption.signal.aborted, false);
});

Deno.test("after the first request, and at the end, signals have their usual effect", async () => {
  await withGivenBack(async (given) => {
    {
      using interruption = new Interruption("Stopped");
      await send("SIGTERM", () => interruption.signal.aborted);
      const heard = (["SIGHUP", "SIGINT", "SIGQUIT", "SIGTERM"] as const)
        .filter((name) => !ignoredSignals.has(name));
      assertEquals(given.sort(), heard);
    }
    assertEquals(given.includes("SIGUSR2"), true);
  });
});

Deno.test("work ends with its own status, or with 0, and its failure is passed on", async () => {
  assertEquals(await untilStopped("Stopped", () => Promise.resolve(3)), 3);
  assertEquals(await untilStopped("Stopped", () => Promise.resolve()), 0);
  const fail = () => Promise.reject(new Error("It failed"));
  await assertRejects(() => untilStopped("Stopped", fail), Error, "It failed");
});

Deno.test("work that is stopped tells the reason and ends with the signal's status", async () => {
  await withGivenBack(async (given) => {
    const stopped = await captured(() =>
      untilStopped("Stopped; all is kept", async (signal) => {
        await send("SIGTERM", () => signal.aborted);
        signal.throwIfAborted();
      })
    );
    assertEquals(stopped, { status: 143, output: "", error: "Stopped; all is kept\n" });
    assertEquals(given.includes("SIGUSR2"), true, "signals have their usual effect again");
  });
});
