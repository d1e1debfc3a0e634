import "../../native.ts";
import { assert, assertEquals } from "@std/assert";
import { concat } from "@std/bytes/concat";
import { fromFileUrl } from "@std/path";
import { packCrops } from "../../../src/data/pixels/pack_crops.ts";
import { thisMachine } from "../../../src/install/machine.ts";
import { findGenerator } from "../../../src/install/toolchain.ts";
import { inTempFolder } from "../../temp_folder.ts";
import { type Case, cropBytes, golden, SOURCES } from "./golden_crops.ts";

const COMPILER = "aarch64-linux-gnu-g++";
const EMULATOR = "qemu-aarch64-static";

/** Runs a program with some input, and returns what it wrote. */
async function run(program: string, args: string[], input = new Uint8Array()): Promise<Uint8Array> {
  const child = new Deno.Command(program, {
    args,
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const output = child.output();
  const writer = child.stdin.getWriter();
  await writer.write(input);
  await writer.close();
  const { success, stdout, stderr } = await output;
  assert(success, `${program} failed: ${new TextDecoder().decode(stderr)}`);
  return stdout;
}

function isFound(program: string): boolean {
  return Deno.env.get("PATH")!.split(":").some((folder) => {
    try {
      return Deno.statSync(`${folder}/${program}`).isFile;
    } catch {
      return false;
    }
  });
}

/** What the emulated program reads of a crop: columns, rows and side, pixels, and what was drawn. */
function packed({ source, draw, size }: Case): Uint8Array {
  const { width, height, pixels } = SOURCES[source];
  const header = new Uint8Array(Int32Array.of(width, height, size).buffer);
  return concat([header, pixels as Uint8Array, packCrops([{ draw, size, offset: 0 }])]);
}

Deno.test({
  name: `code for ARM makes the same bytes; needs ${COMPILER} and ${EMULATOR}`,
  ignore: !isFound(COMPILER) || !isFound(EMULATOR),
  fn: () =>
    inTempFolder(async (folder) => {
      const source = fromFileUrl(new URL("../../../native/pixels", import.meta.url));
      const driver = fromFileUrl(new URL("arm_crops.cc", import.meta.url));
      await run("cmake", [
        ...["-S", source, "-B", folder, "-G", findGenerator(thisMachine())],
        "-DCMAKE_BUILD_TYPE=Release",
        ...["-DCMAKE_SYSTEM_NAME=Linux", "-DCMAKE_SYSTEM_PROCESSOR=aarch64"],
        `-DCMAKE_CXX_COMPILER=${COMPILER}`,
      ]);
      await run("cmake", ["--build", folder]);
      const program = `${folder}/arm_crops`;
      const library = ["-L", folder, "-ldeino_pixels", `-Wl,-rpath,${folder}`];
      await run(COMPILER, ["-std=c++20", "-O2", "-o", program, driver, ...library]);
      const inputs = golden.map(packed);
      const made = await run(EMULATOR, ["-L", "/usr/aarch64-linux-gnu", program], concat(inputs));
      let at = 0;
      for (const each of golden) {
        const expected = cropBytes(each);
        assertEquals(made.subarray(at, at += expected.length), expected, each.kind);
      }
      assertEquals(at, made.length);
    }),
});
