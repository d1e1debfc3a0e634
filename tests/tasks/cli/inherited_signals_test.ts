import { assertEquals } from "@std/assert";
import "../../../tasks/cli/inherited_signals.ts"; // or programs started here would ignore what these tests were told to ignore
import { shellWords } from "../../shell_words.ts";

const MODULE = new URL("../../../tasks/cli/inherited_signals.ts", import.meta.url).href;

/** What a process that the module is loaded into before all others prints, begun by a shell command. */
async function told(code: string, before = ""): Promise<string> {
  const program = `const { takeUserSignal, ignoredSignals } = await import("${MODULE}");
    const comes = async () => {
      for (let tries = 0; tries < 1000; tries++) {
        if (takeUserSignal()) return true;
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
      return false;
    };
    ${code}`;
  const command = `${before} exec ${
    shellWords(Deno.execPath(), "run", "-A", "--no-check", `--preload=${MODULE}`, "-")
  }`;
  const child = new Deno.Command("sh", {
    args: ["-c", command],
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(program));
  await writer.close();
  const { stdout, stderr } = await child.output();
  return new TextDecoder().decode(stdout).trim() + new TextDecoder().decode(stderr).trim();
}

Deno.test({
  name: "SIGUSR1 is told once, also when its alarm clock has rung meanwhile",
  ignore: Deno.build.os !== "linux",
  fn: async () => {
    const code = `const seen = [takeUserSignal()];
      Deno.kill(Deno.pid, "SIGUSR1");
      seen.push(await comes(), takeUserSignal());
      Deno.addSignalListener("SIGALRM", () => {
        seen.push(takeUserSignal(), takeUserSignal());
        console.log(seen.join(" "));
        Deno.exit();
      });
      Deno.kill(Deno.pid, "SIGALRM");
      setTimeout(() => {}, 60_000);`;
    assertEquals(await told(code), "false true false true false");
  },
});

Deno.test({
  name: "signals that are ignored at the start stay so, and a request to save among them is none",
  ignore: Deno.build.os !== "linux",
  fn: async () => {
    const code = `Deno.kill(Deno.pid, "SIGUSR1"); Deno.kill(Deno.pid, "SIGHUP");
      console.log([...ignoredSignals, takeUserSignal()].join(" "));`;
    assertEquals(await told(code, "trap '' HUP USR1;"), "SIGHUP SIGUSR1 false");
    const ignored = "console.log([...ignoredSignals].join());";
    for (const name of ["INT", "QUIT", "TERM", "USR2"]) {
      assertEquals(await told(ignored, `trap '' ${name};`), `SIG${name}`);
    }
    assertEquals(await told(ignored), "");
  },
});
