import { assertEquals } from "@std/assert";
import { Interruption } from "../../../tasks/cli/interruption.ts";

/** Sends this process a signal, and waits until it has come. */
async function send(signal: Deno.Signal, hasCome: () => boolean): Promise<void> {
  Deno.kill(Deno.pid, signal);
  while (!hasCome()) await new Promise((resolve) => setTimeout(resolve, 1));
}

/** The statuses that shells give to processes ended by these signals: 128 and their number. */
const STATUSES = { SIGHUP: 129, SIGQUIT: 131, SIGTERM: 143 } as const; // SIGINT would end the tests

for (const [name, status] of Object.entries(STATUSES)) {
  Deno.test(`${name} asks once to stop, with the reason and the status ${status}`, async () => {
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
  const { removeSignalListener } = Deno;
  const given: string[] = [];
  Deno.removeSignalListener = (name, listener) => {
    given.push(name);
    removeSignalListener(name, listener);
  };
  try {
    {
      using interruption = new Interruption("Stopped");
      await send("SIGTERM", () => interruption.signal.aborted);
      assertEquals(given.sort(), ["SIGHUP", "SIGINT", "SIGQUIT", "SIGTERM"]);
    }
    assertEquals(given.includes("SIGUSR2"), true);
  } finally {
    Deno.removeSignalListener = removeSignalListener;
  }
});
