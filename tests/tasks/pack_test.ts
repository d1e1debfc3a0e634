import { assertEquals, assertStringIncludes } from "@std/assert";
import { thisMachine } from "../../src/install/machine.ts";
import { writePack } from "../../tasks/pack/write_pack.ts";
import { inTempFolder } from "../temp_folder.ts";

/** A checkout, and a pack whose Deno is a script that tells what it was given. */
async function inOfflineCheckout(body: (checkout: string, pack: string) => Promise<void>) {
  await inTempFolder(async (folder) => {
    const [checkout, deno, packages] = ["checkout", "deno", "packages"].map((name) =>
      `${folder}/${name}`
    );
    await Deno.mkdir(`${checkout}/native`, { recursive: true });
    await Deno.writeTextFile(`${checkout}/deno.json`, "{}");
    await Deno.writeTextFile(
      deno,
      '#!/bin/sh\necho "$# $2"\ncat "$DENO_DIR/npm/${NPM_CONFIG_REGISTRY#http:/}one/registry.json"\n',
      { mode: 0o755 },
    );
    await Deno.mkdir(`${packages}/one`, { recursive: true });
    await Deno.writeTextFile(`${packages}/one/registry.json`, "a package");
    const pack = `${folder}/pack.sh`;
    const before = Deno.env.get("TMPDIR"), temporary = `${folder}/temporary`;
    await Deno.mkdir(temporary);
    Deno.env.set("TMPDIR", temporary);
    try {
      const contents = { deno, version: "1.2.3", packages, decoders: [] };
      await writePack(contents, pack, thisMachine());
      assertEquals(Array.from(Deno.readDirSync(temporary)), []);
    } finally {
      if (before === undefined) Deno.env.delete("TMPDIR");
      else Deno.env.set("TMPDIR", before);
    }
    await body(checkout, pack);
  });
}

async function sh(cwd: string, ...args: string[]) {
  const output = await new Deno.Command("sh", { args, cwd }).output();
  const [stdout, stderr] = [output.stdout, output.stderr].map((text) =>
    new TextDecoder().decode(text)
  );
  return { code: output.code, stdout, stderr };
}

Deno.test("a pack unpacks itself once, and runs its Deno with its packages and the words given", async () => {
  await inOfflineCheckout(async (checkout, pack) => {
    const first = await sh(checkout, pack, "task", "a b");
    assertEquals({ ...first, stderr: "" }, { code: 0, stdout: "2 a b\na package", stderr: "" });
    assertStringIncludes(first.stderr, "Unpacking Deno 1.2.3");
    assertEquals(await sh(checkout, pack, "task", "a b"), { ...first, stderr: "" });
    assertEquals(Array.from(Deno.readDirSync(`${checkout}/native/build`)).length, 1);
  });
});

Deno.test("a pack that was cut short is refused and leaves nothing behind", async () => {
  await inOfflineCheckout(async (checkout, pack) => {
    await Deno.truncate(pack, (await Deno.stat(pack)).size - 20);
    const { code, stderr } = await sh(checkout, pack, "task", "train");
    assertEquals(code, 1);
    assertStringIncludes(stderr, `Cannot unpack ${pack}: it was cut short`);
    assertEquals(Array.from(Deno.readDirSync(`${checkout}/native`)), []);
  });
});

Deno.test("a pack asks for the folder of the sources, and for something to run", async () => {
  await inOfflineCheckout(async (checkout, pack) => {
    const elsewhere = await sh(`${checkout}/native`, pack, "task", "train");
    assertEquals(elsewhere.code, 2);
    assertStringIncludes(elsewhere.stderr, "run this in their folder");
    const idle = await sh(checkout, pack);
    assertEquals(idle.code, 2);
    assertStringIncludes(idle.stderr, "Say what Deno is to run");
  });
});
