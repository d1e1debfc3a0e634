import "../../tasks/cli/inherited_signals.ts"; // or programs started here would not hear what these tests were told to ignore

/** The command by which a task sends itself a signal, at a moment of it. */
export function send(signal: Deno.Signal): string {
  return `kill -${signal.slice(3)} $PPID`;
}
