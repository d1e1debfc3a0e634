import { type DataReport, reportOn, type Spread } from "../../src/data/report.ts";
import { counted } from "../../src/files/quoted.ts";
import { describeLeftOut, nameSome } from "../../src/data/sources/left_out.ts";
import type { Command } from "../cli/command.ts";
import { Flags } from "../cli/flags.ts";
import { listSource } from "../cli/open_source.ts";
import { printLine } from "../cli/print.ts";
import { withProgress } from "../cli/progress.ts";
import { writeResults } from "../cli/results.ts";
import { decodingFlags, decodingHelp, readDecodingFlags } from "./source_flags.ts";

/** Classes named in the table. */
const NAMED = 5;

/** `deno task data check`. */
export const checkCommand: Command = {
  summary: "counts, sizes, formats, unreadable files, duplicates and classes",
  help: `Read and decode every image of a source, and report on them

  deno task data check --data SOURCE --output check.json

Flags
${decodingHelp}
  --output FILE   the same and all names as JSON
  --help          this text

Status 1 means that an image cannot be decoded`,
  prepare(args) {
    const flags = new Flags(args, {
      ...decodingFlags,
      optional: [...decodingFlags.optional, "output"],
    });
    const asked = readDecodingFlags(flags);
    const output = flags.optionalPath("output");
    return async () => {
      const folder = await listSource(asked.data, asked);
      const total = 2 * folder.paths.length; // each is inspected and decoded
      const report = await withProgress(
        "check",
        "images",
        (show) => reportOn(folder, { ...asked, onProgress: (done) => show(done, total) }),
      );
      if (output !== undefined) writeResults(output, { ...report });
      linesOf(report).forEach(printLine);
      return report.unreadable.length === 0 ? 0 : 1;
    };
  },
};

/** The report as a table, with what to repair below it. */
function linesOf(report: DataReport): string[] {
  const { images, bytes, formats, width, height, turned, unreadable, duplicates } = report;
  const row = (name: string, text: string) => `${name.padEnd(12)} ${text}`;
  const kinds = Object.entries(formats).map(([name, count]) => `${name} ${count}`).join(", ");
  return [
    row("images", `${images}, ${(bytes / 2 ** 20).toFixed(1)} MiB`),
    ...kinds === "" ? [] : [row("formats", kinds)],
    ...width && height ? [row("width", spread(width)), row("height", spread(height))] : [],
    ...classLines(report).map((text) => row("classes", text)),
    row("rotated", turnedText(turned)),
    row("unreadable", String(unreadable.length)),
    row("duplicates", String(duplicates.length)),
    ...unreadable.map(({ path, reason }) => `Unreadable ${path}: ${reason}`),
    ...report.notes,
    ...duplicates.map((paths) => `Identical files: ${nameSome(paths)}`),
    ...report.left_out.filter(({ kind }) => kind !== "expected").map(describeLeftOut),
  ];
}

function turnedText(turned: readonly string[]): string {
  if (turned.length === 0) return "0";
  return `${turned.length} rotated or mirrored by their EXIF data or XMP; data.exif=apply turns them upright: ${
    nameSome(turned)
  }`;
}

function spread({ min, median, max }: Spread): string {
  return min === max ? String(min) : `${min} to ${max}, median ${median}`;
}

function classLines({ classes, unlabelled }: DataReport): string[] {
  if (classes === undefined) return ["none given"];
  const sorted = Object.entries(classes).sort(([, a], [, b]) => a - b);
  const rarest = sorted.slice(0, NAMED).map(([name, count]) => `${name} ${count}`).join(
    ", ",
  );
  const without = unlabelled ? `, ${counted(unlabelled, "image")} without one` : "";
  const [least, most] = [sorted[0], sorted.at(-1)!].map(([, count]) => count);
  return [
    least === most
      ? `${sorted.length} of ${counted(least, "image")} each${without}`
      : `${sorted.length} of ${least} to ${most} images${without}; rarest: ${rarest}`,
  ];
}
