import { dirname } from "@std/path";
import { absolutePath } from "../cli/paths.ts";

/**
 * Makes a run folder named after the present time, `runs/2026-11-23_09-30-00`, with a number behind it if another job began
 * in the same second.
 *
 * @param now The present time.
 * @throws {Error} If it cannot be made.
 */
export function makeDatedFolder(now: Date = new Date()): string {
  const time = now.toISOString().slice(0, 19).replace("T", "_").replaceAll(":", "-");
  const dated = absolutePath(`runs/${time}`);
  Deno.mkdirSync(dirname(dated), { recursive: true });
  for (let count = 1;; count++) {
    const folder = count === 1 ? dated : `${dated}_${count}`;
    try {
      Deno.mkdirSync(folder);
      return folder;
    } catch (error) {
      if (!(error instanceof Deno.errors.AlreadyExists)) throw error;
    }
  }
}
