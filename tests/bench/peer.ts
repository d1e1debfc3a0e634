import { TextLineStream } from "@std/streams/text-line-stream";

/** A process that stays and measures when it is asked to. */
export interface Peer extends AsyncDisposable {
  /** Asks for a measurement, with a line that may say of what: the line that the process prints next, parsed as JSON. */
  measure(what?: string): Promise<unknown>;
}

/** Starts a process that prints a line when it is ready, and then one for each line that it reads. */
export async function startPeer(command: string, args: string[]): Promise<Peer> {
  const child = new Deno.Command(command, { args, stdin: "piped", stdout: "piped" }).spawn();
  const lines = child.stdout.pipeThrough(new TextDecoderStream())
    .pipeThrough(new TextLineStream()).getReader();
  const writer = child.stdin.getWriter();
  await lines.read();
  return {
    async measure(what = "") {
      await writer.write(new TextEncoder().encode(`${what}\n`));
      return JSON.parse(String((await lines.read()).value ?? null));
    },
    async [Symbol.asyncDispose]() {
      await writer.close();
      await lines.cancel();
      await child.status;
    },
  };
}
