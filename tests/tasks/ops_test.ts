import { assertEquals, assertMatch } from "@std/assert";
import { dirname, fromFileUrl, join } from "@std/path";
import { locateLibrary } from "../../src/install/locate_library.ts";
import { torchLibrary } from "../../src/install/native_library.ts";
import { readNames } from "../../tasks/operators/schema.ts";
import { inTempFolder } from "../temp_folder.ts";
import { runTask } from "./run_task.ts";

/** What is written. */
const WRITTEN = [
  ...["native/ops.gen.h", "native/ops.gen.cc", "src/ffi/symbols.gen.ts", "src/ffi/ops.gen.ts"],
];

Deno.test("the committed operators are those that would be written", async () => {
  const { status, output, error } = await runTask("ops", "--check");
  assertEquals([status, error], [0, ""]);
  assertMatch(output, /^\d{2,} operators, 0 files changed\n$/);
});

Deno.test("headers of operators are looked for where the person stands, in each folder that is named", async () => {
  const project = fromFileUrl(new URL("../../", import.meta.url));
  const { stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", "tasks/ops.ts", "--check", "--libtorch", "torch,other"],
    cwd: project,
    env: { INIT_CWD: "/nowhere" },
  }).output();
  assertMatch(new TextDecoder().decode(stderr), /: \/nowhere\/torch\/\S+ is not readable\n$/);
});

Deno.test("an operator of another schema is named, among several folders and beside the committed bindings", () =>
  inTempFolder(async (folder) => {
    const { root } = locateLibrary(torchLibrary).libtorch!;
    const list = await Deno.readTextFile(new URL("../../native/ops.txt", import.meta.url));
    const headers = new Set(readNames(list).map((name) => name.split(".")[0].replace(/_$/, "")));
    const ops = "include/ATen/ops";
    await Deno.mkdir(join(folder, ops), { recursive: true });
    for (const name of headers) {
      const header = join(ops, `${name}_ops.h`);
      await Deno.symlink(join(root, header), join(folder, header));
    }
    const silu = join(folder, ops, "silu_ops.h"), text = await Deno.readTextFile(silu);
    await Deno.remove(silu);
    await Deno.writeTextFile(silu, text.replace("silu(Tensor self)", "silu(Tensor self, bool b)"));
    const compared = await runTask("ops", "--check", "--libtorch", `${root},${root},${folder}`);
    assertEquals([compared.status, compared.error], [
      1,
      `${root} and ${folder} disagree about silu\n`,
    ]);
    const drifted = await runTask("ops", "--check", "--libtorch", folder);
    assertEquals(drifted.status, 1);
    assertMatch(drifted.error, /^\S+\.gen\.\S+, .* drifted. Run `deno task ops`\n$/);
  }));

Deno.test("bindings that are missing are written as they are committed, and only those", () =>
  inTempFolder(async (folder) => {
    const project = fromFileUrl(new URL("../../", import.meta.url));
    const copy = async (...names: string[]) => {
      for (const name of names) {
        await Deno.mkdir(dirname(join(folder, name)), { recursive: true });
        await new Deno.Command("cp", { args: ["-r", project + name, join(folder, name)] }).output();
      }
    };
    await copy("deno.json", "tasks/ops.ts", "tasks/operators", "tasks/cli", "src/ffi");
    await copy("native/ops.txt", ...WRITTEN);
    for (const { name } of Deno.readDirSync(`${project}src`)) {
      if (name !== "ffi") await Deno.symlink(`${project}src/${name}`, `${folder}/src/${name}`);
    }
    const { root } = locateLibrary(torchLibrary).libtorch!;
    const ops = async (...flags: string[]) => {
      const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
        args: ["run", "-A", "--no-check", `${folder}/tasks/ops.ts`, "--libtorch", root, ...flags],
      }).output();
      const [output, error] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
      return { status: code, lines: output.trimEnd().split("\n"), error };
    };
    await Deno.writeTextFile(join(folder, WRITTEN[0]), "// by hand\n", { append: true });
    const { status, error } = await ops("--check");
    assertEquals([status, error], [1, `${WRITTEN[0]} drifted. Run \`deno task ops\`\n`]);
    await Deno.copyFile(project + WRITTEN[0], join(folder, WRITTEN[0]));
    const missing = WRITTEN.slice(1);
    for (const path of missing) await Deno.remove(join(folder, path));
    const written = await ops(), { lines } = written;
    const names = missing.map((path) => `Wrote ${path}`);
    assertEquals([written.status, lines.slice(0, -1)], [0, names]);
    assertMatch(lines.at(-1)!, RegExp(`^\\d+ operators, ${missing.length} files changed$`));
    for (const path of WRITTEN) {
      assertEquals(
        Deno.readTextFileSync(join(folder, path)),
        Deno.readTextFileSync(project + path),
      );
    }
  }));
