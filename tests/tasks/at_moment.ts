/**
 * `deno run --preload=at_moment.ts` runs a shell command at a known moment of a task, which waits for its end; `$PPID` in it is
 * the task. What is sent from outside comes early or late, as the machine is fast or busy. `AT_MOMENT` is a `Moment` as JSON.
 *
 * @module
 */
import type { Moment } from "./moment.ts";

const { text, file, command }: Moment = JSON.parse(Deno.env.get("AT_MOMENT")!);
const { openSync, renameSync } = Deno;
let written = "", isOver = false;

function act(): void {
  if (isOver) return;
  isOver = true;
  new Deno.Command("sh", { args: ["-c", command], stdout: "inherit", stderr: "inherit" })
    .outputSync();
}

for (const stream of [Deno.stdout, Deno.stderr]) {
  const writeSync = stream.writeSync.bind(stream);
  stream.writeSync = (bytes) => {
    const count = writeSync(bytes);
    if (text !== undefined && !isOver) {
      written += new TextDecoder().decode(bytes.subarray(0, count));
      if (written.includes(text)) act();
    }
    return count;
  };
}

Deno.openSync = (path, options) => {
  const opened = openSync(path, options);
  if (path === file) act();
  return opened;
};

Deno.renameSync = (from, to) => {
  renameSync(from, to);
  if (to === file) act();
};
