import { fromFileUrl, join } from "@std/path";

const ROOT = fromFileUrl(new URL("..", import.meta.url));
const PARTS = ["deno.json", ".deno.lock", "mod.ts", "src", "tasks", "native", "tests/bench"];
const BUILT = ["build", "libtorch"];
/** Variables that programs in a clone share with the tests: of others, such as `CXX`, they know nothing. */
const KEPT = ["HOME", "DENO_DIR", "XDG_CACHE_HOME", "TMPDIR", "LD_LIBRARY_PATH"];

/** A copy of the sources in which nothing was built, and programs of its own. */
export interface BareClone extends AsyncDisposable {
  /** The folder of the sources. */
  readonly root: string;
  /** The only folder on `PATH`, which holds Deno and nothing else. */
  readonly bin: string;
  /** Runs Deno in the clone. */
  deno(args: readonly string[], env?: Record<string, string>): Promise<Output>;
}

/** How a program ended, and what it wrote. */
export interface Output {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Copies the sources into a temporary folder. */
export async function bareClone(): Promise<BareClone> {
  const folder = await Deno.makeTempDir();
  const [root, bin] = [join(folder, "clone"), join(folder, "bin")];
  await Deno.mkdir(root);
  await Deno.mkdir(bin);
  await Deno.symlink(Deno.execPath(), join(bin, "deno"));
  const { toObject } = Deno.env;
  const kept = Object.fromEntries(
    Object.entries(toObject()).filter(([name]) => KEPT.includes(name)),
  );
  for (const part of PARTS) await copy(join(ROOT, part), join(root, part));
  return {
    root,
    bin,
    deno: async (args, env = {}) => {
      const output = await new Deno.Command(join(bin, "deno"), {
        args: [...args],
        cwd: root,
        env: { ...kept, PATH: bin, NO_COLOR: "1", FORCE_COLOR: "", ...env },
        clearEnv: true,
        stdin: "null",
      }).output();
      const [stdout, stderr] = [output.stdout, output.stderr]
        .map((bytes) => new TextDecoder().decode(bytes));
      return { code: output.code, stdout, stderr };
    },
    [Symbol.asyncDispose]: () => Deno.remove(folder, { recursive: true }),
  };
}

async function copy(from: string, to: string): Promise<void> {
  if (!(await Deno.stat(from)).isDirectory) return await Deno.copyFile(from, to);
  await Deno.mkdir(to, { recursive: true });
  for await (const { name } of Deno.readDir(from)) {
    if (!BUILT.includes(name)) await copy(join(from, name), join(to, name));
  }
}
