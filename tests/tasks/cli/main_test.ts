import { assertEquals } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { inTempFolder } from "../../temp_folder.ts";

const MAIN = new URL("../../../tasks/cli/main.ts", import.meta.url).href;

/** Runs a task whose only command or commands are given as source. */
async function carriedOut(task: string, ...args: string[]): Promise<[number, string, string]> {
  let ended: [number, string, string] = [0, "", ""];
  await inTempFolder(async (folder) => {
    const file = `${folder}/task.ts`;
    await Deno.writeTextFile(file, `import { main } from "${MAIN}"; await main(${task});`);
    const config = fromFileUrl(new URL("../../../deno.json", import.meta.url));
    const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "--no-check", "--config", config, file, ...args],
    }).output();
    const [output, error] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
    ended = [code, output, error];
  });
  return ended;
}

function command(prepare: string): string {
  return `{ summary: "Do it", help: "How to do it", prepare: ${prepare} }`;
}

const works = command(`(args) => () => console.log("done", args.join())`);

Deno.test("a command that does its work ends with status 0, or with the status it says", async () => {
  assertEquals(await carriedOut(works, "a", "b"), [0, "done a,b\n", ""]);
  assertEquals(await carriedOut(command("() => () => 130")), [130, "", ""]);
});

Deno.test("work that fails ends with status 1 and its reason, a wrong command line with 2", async () => {
  const fails = `() => { throw new TypeError("No such thing"); }`;
  assertEquals(await carriedOut(command(`() => ${fails}`)), [1, "", "No such thing\n"]);
  assertEquals(await carriedOut(command(fails)), [2, "", "No such thing\n"]);
});

Deno.test("what names of files hold stays on the line of its error, and details have lines of their own", async () => {
  const hostile = JSON.stringify("a\n  b: it is whole\r\x1b[2J");
  const sentence = `() => { throw new Error("No such file: " + ${hostile}); }`;
  const shown = "a\\n  b: it is whole\\r\\u001b[2J";
  assertEquals(await carriedOut(command(sentence)), [2, "", `No such file: ${shown}\n`]);
  const DETAILED = new URL("../../../src/files/detailed_error.ts", import.meta.url).href;
  const detailed = `async () => {
    const { DetailedError } = await import("${DETAILED}");
    throw new DetailedError(["Two are broken", "  c", "  " + ${hostile}]);
  }`;
  assertEquals(await carriedOut(command(detailed)), [
    2,
    "",
    `Two are broken\n  c\n  ${shown}\n`,
  ]);
});

Deno.test("--help anywhere prints the help and does nothing", async () => {
  const never = command(`() => { throw new Error("read"); }`);
  for (const args of [["--help"], ["-h"], ["a", "--help"]]) {
    assertEquals(await carriedOut(never, ...args), [0, "How to do it\n", ""]);
  }
});

Deno.test("a group carries out the command that is named, and lists all of them", async () => {
  const group =
    `{ name: "eval", verb: "evaluate", summary: "Evaluate", commands: { knn: ${works} } }`;
  assertEquals(await carriedOut(group, "knn", "a"), [0, "done a\n", ""]);
  assertEquals(await carriedOut(group, "knn", "--help"), [0, "How to do it\n", ""]);
  const list =
    "Evaluate\n\n  knn          Do it\n\ndeno task eval COMMAND --help lists the flags of a command\n";
  assertEquals(await carriedOut(group, "--help"), [0, list, ""]);
  assertEquals(await carriedOut(group), [2, "", `Cannot evaluate without a command\n\n${list}`]);
  assertEquals(await carriedOut(group, "knm"), [
    2,
    "",
    'There is no command "knm": did you mean "knn"? See --help\n',
  ]);
});
