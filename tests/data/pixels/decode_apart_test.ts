import "../../native.ts";
import { existsSync } from "node:fs";
import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { decodeImage } from "../../../src/data/codec/decode.ts";
import { decodeApart } from "../../../src/data/pixels/decode_apart.ts";
import { decoderOf } from "../../../src/data/pixels/decoder_choice.ts";
import {
  decoderProgram,
  nativeText,
  pixels as native,
  succeeded,
} from "../../../src/ffi/pixels.ts";
import pillow from "../codec/large/pillow.json" with { type: "json" };

const read = (name: string) =>
  Deno.readFileSync(new URL(`../codec/large/${name}`, import.meta.url));

/** The decoder of a file, if it is a library. */
function decoderFor(name: string) {
  const isAvif = name.endsWith(".avif");
  const decoder = decoderOf(isAvif ? "AVIF" : "JPEG 2000");
  if (decoder.name === "wasm") return undefined;
  return { format: isAvif ? "avif" : "jpeg2000", library: decoder.path } as const;
}

const names = Object.keys(pillow) as (keyof typeof pillow)[];
const ignore = names.some((name) => decoderFor(name) === undefined);

Deno.test({
  name: "pictures of many strips have Pillow's pixels in every row",
  ignore,
  fn: async () => {
    for (const [name, { mode, sha256 }] of Object.entries(pillow)) {
      const { pixels } = await decodeImage(read(name), { channels: mode.length });
      const digest = await crypto.subtle.digest("SHA-256", pixels as Uint8Array<ArrayBuffer>);
      assertEquals(new Uint8Array(digest).toHex(), sha256, name);
    }
  },
});

/** Has a program decode a file. */
function begin(
  path: string,
  { format, library }: { format: string; library: string },
  bytes: Uint8Array<ArrayBuffer>,
  { maxPixels = 12e6, maxMemory = 2 ** 32 } = {},
): Int32Array {
  const image = new Int32Array(4);
  const request = BigUint64Array.from([bytes.length, maxPixels, maxMemory].map(BigInt));
  const [program, name, file] = [path, format, library].map(nativeText);
  succeeded(native().deino_pixels_begin_apart(program, name, file, bytes, request, image));
  return image;
}

const program = decoderProgram();

/** Reads the samples of the image that was begun. */
function finish([width, height, channels]: Int32Array): Uint8Array<ArrayBuffer> {
  const samples = new Uint8Array(width * height * channels);
  succeeded(native().deino_pixels_finish_apart(samples, BigInt(samples.length)));
  return samples;
}

Deno.test("12 megapixels are decoded in 100 MB besides their samples", { ignore }, () => {
  for (const name of ["flat.avif", "flat_alpha.avif", "flat.jp2", "flat_alpha.jp2"]) {
    const image = begin(program, decoderFor(name)!, read(name), { maxMemory: 100e6 });
    assertEquals([image[0], image[1]], [4000, 3000]);
    assertEquals(finish(image).subarray(-image[2] * 4000 * 3000).length, image[2] * 12e6, name);
  }
});

Deno.test("what needs more memory than it may have, or is larger than stated, is refused alone", {
  ignore,
}, () => {
  for (const name of ["flat_alpha.avif", "flat_alpha.jp2", "strips.jp2"]) {
    const decode = (limits: { maxPixels?: number; maxMemory?: number }) =>
      finish(begin(program, decoderFor(name)!, read(name), limits));
    assertThrows(() => decode({ maxMemory: 32e6 }), Error, undefined, name);
    assertThrows(() => decode({ maxPixels: 1e6 }), Error, "its picture is larger than it states");
    assert(decode({}).length > 0);
  }
});

const decoder = { format: "avif", library: "none" };

/** Runs a shell's commands as the program that decodes. */
async function decodeBy(commands: string): Promise<void> {
  const path = await Deno.makeTempFile();
  try {
    await Deno.writeTextFile(path, `#!/bin/sh\n${commands}\n`);
    await Deno.chmod(path, 0o700);
    finish(begin(path, decoder, new Uint8Array(1 << 20)));
  } finally {
    await Deno.remove(path);
  }
}

Deno.test("a decoder that dies, or is none, costs its file alone", async () => {
  const refused = (commands: string, message: string) =>
    assertRejects(() => decodeBy(commands), Error, message);
  await refused("exit 3", "its decoder ended early");
  await refused("kill -SEGV $$", "its decoder was ended by signal 11");
  await refused("kill -XCPU $$", "it takes too long to decode");
  const image = String.raw`printf '\1\0\0\0\20\0\0\0\1\0\0\0\1\0\0\0\3\0\0\0\1\0\0\0'`;
  await refused(`${image}; kill -9 $$`, "its decoder was ended by signal 9");
  await refused(String.raw`printf '\2\0\0\0\4\0\0\0'`, "its decoder is of another version");
  await refused(String.raw`${image}; printf '\2\0\0\0\4\0\0\0rows'`, "more than it states");
  await refused(String.raw`${image}; printf '\3\0\0\0\5\0\0\0words'`, "words");
  const absent = () => begin("/nowhere/decoder", decoder, new Uint8Array(1));
  assertThrows(absent, Error, "/nowhere/decoder does not start: No such file or directory");
  const unread = () => succeeded(native().deino_pixels_finish_apart(new Uint8Array(1), 1n));
  assertThrows(unread, Error, "no image was begun");
});

/** Ends the first process that a decoder of this one starts, and then says so. */
const KILLER = `self.onmessage = ({ data }) => {
  const read = (path) => { try { return Deno.readTextFileSync(path); } catch { return ""; } };
  for (;;) {
    for (const { name } of Deno.readDirSync("/proc/self/task")) {
      for (const id of read("/proc/self/task/" + name + "/children").split(" ").filter(Boolean)) {
        if (read("/proc/" + id + "/comm") !== "deino_decoder\\n") continue;
        Deno.kill(Number(id), "SIGKILL");
        Atomics.store(data, 0, 1);
        return self.close();
      }
    }
  }
};`;

/** Whether the system tells the children of a thread. */
const tellsChildren = existsSync(`/proc/self/task/${Deno.pid}/children`);
const options = { ignore: ignore || !tellsChildren };

Deno.test("a decoder that somebody else ends is started anew", options, () => {
  const isKilled = new Int32Array(new SharedArrayBuffer(4));
  const killer = new Worker(URL.createObjectURL(new Blob([KILLER])), { type: "module" });
  try {
    killer.postMessage(isKilled);
    while (Atomics.load(isKilled, 0) === 0) {
      const { values } = decodeApart(decoderFor("flat.jp2")!, read("flat.jp2"), 12e6);
      assertEquals(values.length, 36e6);
    }
  } finally {
    killer.terminate();
  }
});

Deno.test("a library that cannot be opened, or is another, is refused in words", () => {
  for (const [library, words] of [["/nowhere/lib.so", "/nowhere/lib.so"], ["libm.so.6", "opj_"]]) {
    const decode = () =>
      decodeApart({ format: "jpeg2000", library }, read("strips.jp2"), 1300 * 1201);
    assertThrows(decode, Error, words);
  }
});

Deno.test("what interrupts a run does not reach its decoders", async () => {
  await using child = new Deno.Command(program, {
    args: ["avif", "none"],
    stdin: "piped",
    stdout: "null",
  }).spawn();
  const ignored = async () => {
    const [, mask] = /SigIgn:\s+(\w+)/.exec(await Deno.readTextFile(`/proc/${child.pid}/status`))!;
    return [1, 2, 3, 15].every((signal) => (BigInt(`0x${mask}`) >> BigInt(signal - 1) & 1n) === 1n);
  };
  for (let tries = 0; tries < 2000 && !await ignored(); tries++) {
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  assert(await ignored());
  await child.stdin.close();
  assertEquals((await child.status).signal, null);
});
