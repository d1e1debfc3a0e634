/**
 * What signals do to this process from its first moment on. `deno task` loads this file before all others, for half a second
 * after its start, or from its first listener on, Deno ends at signals that were ignored when it was started, and opens a
 * debugger at SIGUSR1, whoever listens.
 *
 * @module
 */
import { readSystemFile } from "../../src/files/system_file.ts";

/** Numbers of the signals that matter here, on Linux. */
const NUMBERS = { SIGHUP: 1, SIGINT: 2, SIGQUIT: 3, SIGUSR1: 10, SIGUSR2: 12, SIGTERM: 15 };

/** Signals that matter here. */
export type SignalName = keyof typeof NUMBERS;

/** Signals that this process was told to ignore when it was started, as `nohup` does: they stay ignored. */
export const ignoredSignals: ReadonlySet<SignalName> = readIgnored();
for (const name of ignoredSignals) Deno.addSignalListener(name, () => {});

const alarmClock = divertUserSignal();

/** Whether SIGUSR1 goes past Deno, which would open a debugger: then {@linkcode takeUserSignal} tells of it, no listener. */
export const isUserSignalDiverted: boolean = alarmClock !== undefined;

let hasRung = false;

/** Whether SIGUSR1 came since this was asked last; never where it is ignored or not diverted. */
export function takeUserSignal(): boolean {
  if (alarmClock === undefined) return false;
  const isRunning = alarmClock.symbols.alarm(0) > 0; // stops it
  const hasCome = isRunning || hasRung;
  hasRung = false;
  return hasCome && !ignoredSignals.has("SIGUSR1");
}

/**
 * The signals that this process was told to ignore; Linux tells. `deno task` sets ignored signals back before it starts a
 * second program, but `nohup` leaves another mark: an input that can only be written.
 */
function readIgnored(): ReadonlySet<SignalName> {
  const read = (path: string) => readSystemFile(`/proc/self/${path}`) ?? "";
  const mask = BigInt(`0x${/^SigIgn:\s+([0-9a-f]+)$/m.exec(read("status"))?.[1] ?? "0"}`);
  const names = Object.keys(NUMBERS) as SignalName[];
  const ignored = names.filter((name) => mask >> BigInt(NUMBERS[name] - 1) & 1n);
  const isNohup = /^flags:\s+[0-7]*1$/m.test(read("fdinfo/0")); // O_WRONLY
  return new Set(isNohup ? [...ignored, "SIGHUP"] : ignored);
}

/**
 * Has the kernel call `alarm` at SIGUSR1, one of the few functions that a signal may interrupt a program with. The signal's
 * number becomes its seconds: an alarm clock that runs, or has rung, says that the signal has come.
 */
function divertUserSignal() {
  if (Deno.build.os !== "linux") return undefined;
  try {
    const libc = Deno.dlopen("libc.so.6", {
      alarm: { parameters: ["u32"], result: "u32" },
      dlsym: { parameters: ["pointer", "buffer"], result: "pointer" },
      signal: { parameters: ["i32", "pointer"], result: "pointer" },
    });
    Deno.addSignalListener("SIGALRM", () => hasRung = true);
    Deno.addSignalListener("SIGUSR1", () => {}); // Deno sets its own handler once: then it stays replaced
    const alarm = libc.symbols.dlsym(null, new TextEncoder().encode("alarm\0"));
    libc.symbols.signal(NUMBERS.SIGUSR1, alarm);
    return libc;
  } catch {
    return undefined; // a C library of another name, or an old one
  }
}
