import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { findPip } from "../../src/install/pip.ts";
import { addProgram, fakeMachine } from "./fake_machine.ts";

/** What a pip of some version is told, and where it is to keep temporary files. */
async function installedBy(version: string): Promise<{ words: string[]; temporary: string }> {
  await using machine = await fakeMachine({ TMPDIR: "/too/small" });
  await addProgram(
    machine,
    "python3",
    `if [[ $3 == --version ]]; then echo "pip ${version} from here"; exit; fi
printf '%s\\n' "$TMPDIR" "$@" > "$folder/pip.log"`,
  );
  await (await findPip(machine)).install(`${machine.folder}/kept/libtorch`, ["torch"]);
  const [temporary, ...words] = (await Deno.readTextFile(`${machine.folder}/pip.log`)).trim()
    .split("\n");
  return { words, temporary: temporary.replace(machine.folder, "") };
}

Deno.test("pip 24.1 and newer tell how far they are, older ones are not asked", async () => {
  const bar = async (version: string) => {
    const { words } = await installedBy(version);
    return words[words.indexOf("--progress-bar") + 1];
  };
  assertEquals(await Promise.all(["24.0", "24.1", "25.2"].map(bar)), ["off", "raw", "raw"]);
});

Deno.test("pip keeps temporary files beside what it unpacks", async () => {
  assertEquals((await installedBy("25.0")).temporary, "/kept");
});

/** A pip that fails with these lines on standard error, and what comes of it. */
async function failure(...lines: string[]): Promise<{ message: string; calls: string[] }> {
  await using machine = await fakeMachine();
  await addProgram(
    machine,
    "python3",
    `if [[ $3 == --version ]]; then echo "pip 25.0 from here"; exit; fi
echo "$@" >> "$folder/calls"; printf '%s\\n' ${
      lines.map((line) => `"${line}"`).join(" ")
    } >&2; exit 1`,
  );
  const pip = await findPip(machine);
  const target = `${machine.folder}/kept/libtorch`;
  const { message } = await assertRejects(
    () => pip.install(target, ["torch==1", "six"], { dependencies: false }),
    Error,
  );
  const calls = await Deno.readTextFile(`${machine.folder}/calls`);
  return { message, calls: calls.trim().replaceAll(target, "TARGET").split("\n") };
}

Deno.test("packages go into a folder of ours, with what they depend on unless told otherwise", async () => {
  const { words } = await installedBy("25.0");
  assertEquals(words.slice(0, 4), ["-m", "pip", "install", "--target"]);
  assertEquals([words.includes("--no-deps"), words.at(-1)], [false, "torch"]);
  const { calls } = await failure("wrong");
  assertEquals(calls, [
    "-m pip install --target TARGET --no-input --disable-pip-version-check --no-compile " +
    "--progress-bar raw --no-deps torch==1 six",
  ]);
});

Deno.test("where the index has no such package for this Python, that for 3.12 is asked for", async () => {
  const { calls, message } = await failure("ERROR: No matching distribution found for torch==1");
  assertEquals(calls.map((call) => call.split("raw ")[1]), [
    "--no-deps torch==1 six",
    "--no-deps --python-version 3.12 --only-binary :all: torch==1 six",
  ]);
  assertStringIncludes(message, "Cannot fetch torch==1, six: pip's index has no build of it for ");
});

Deno.test("an index that is out of reach has nothing that matches either, and that is not said", async () => {
  const ways = [
    "NewConnectionError",
    "NameResolutionError",
    "ConnectTimeout",
    "ReadTimeout",
    "ProxyError",
    "SSLError",
    "Network is unreachable",
    "Temporary failure in name resolution",
    "Connection refused",
    "Connection reset by peer",
    "Connection broken",
    "Max retries exceeded",
  ];
  for (const way of ways) {
    const { message, calls } = await failure(
      way,
      "ERROR: No matching distribution found for torch",
    );
    assertStringIncludes(message, "pip cannot reach its package index", way);
    assertEquals(calls.length, 1);
  }
});

Deno.test("another failure is told by pip's last line of an error, else by its last line", async () => {
  const reason = async (...lines: string[]) =>
    (await failure(...lines)).message.match(/\((.*)\)/)![1];
  assertEquals(
    await reason("ERROR: one", " ERROR: the disk is full", "[notice] a new pip"),
    "the disk is full",
  );
  assertEquals(await reason("Traceback", " KeyError: 3", ""), "KeyError: 3");
  assertEquals(await reason(""), "no reason");
});

Deno.test("what is downloaded is told, and every tenth of what is above 50 MB", async () => {
  await using machine = await fakeMachine();
  const lines = [
    "Collecting torch",
    "  Downloading https://index/torch-1.whl (60 MB)",
    ...[0, 5_999_999, 6_000_000, 12_000_001, 30_000_000, 31_000_000, 60_000_000]
      .map((done) => `Progress ${done} of 60000000`),
    "  Using cached six-1.whl (11 kB)",
    ...[25_000_000, 50_000_000].map((done) => `Progress ${done} of 50000000`),
    "Processing ./own.whl",
    "Progress 50000010 of 50000010",
    "Downloading readme.txt",
  ];
  await addProgram(
    machine,
    "python3",
    `if [[ $3 == --version ]]; then echo "pip 25.0"; else printf '%s\\n' ${
      lines.map((line) => `"${line}"`).join(" ")
    }; fi`,
  );
  await (await findPip(machine)).install(`${machine.folder}/a/b`, ["torch"]);
  assertEquals(machine.lines, [
    "  Downloading torch-1.whl (60 MB)",
    "  10 % of 60 MB",
    "  20 % of 60 MB",
    "  50 % of 60 MB",
    "  100 % of 60 MB",
    "  Using cached six-1.whl (11 kB)",
    "  Processing own.whl",
    "  100 % of 50 MB",
  ]);
});

Deno.test("pip is that of python3, else of python, and says which it is", async () => {
  await using machine = await fakeMachine();
  await addProgram(machine, "python", `echo "pip 9.0.1 from there"`);
  assertEquals(`${await findPip(machine)}`, `pip 9.0 (${machine.folder}/bin/python)`);
  await addProgram(machine, "python3", "echo of no known kind");
  assertEquals(`${await findPip(machine)}`, `pip ? (${machine.folder}/bin/python3)`);
});
