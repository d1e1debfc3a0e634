import { assertEquals, assertThrows } from "@std/assert";
import { join } from "@std/path";
import { InputFile } from "../../src/files/input_file.ts";
import { inTempFolder } from "../temp_folder.ts";

Deno.test("a file is read at any place, in as many pieces as the system gives", () =>
  inTempFolder((folder) => {
    const path = join(folder, "f");
    Deno.writeTextFileSync(path, "abcdefgh");
    const { readSync } = Deno.FsFile.prototype;
    Deno.FsFile.prototype.readSync = function (bytes) {
      return readSync.call(this, bytes.subarray(0, 2));
    };
    try {
      using file = new InputFile(path);
      assertEquals([file.path, file.size], [path, 8]);
      const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
      assertEquals([text(file.bytes(2, 5)), text(file.bytes(0, 8))], ["cdefg", "abcdefgh"]);
      const [long, short] = [file.borrow(0, 6), file.borrow(5, 3)];
      assertEquals([text(short), text(long), short.buffer === long.buffer], [
        "fgh",
        "fghdef",
        true,
      ]);
      assertThrows(() => file.bytes(5, 4), Error, "it ended early");
    } finally {
      Deno.FsFile.prototype.readSync = readSync;
    }
  }));

Deno.test("what is no file is refused by what it is", () =>
  inTempFolder(async (folder) => {
    await new Deno.Command("mkfifo", { args: [join(folder, "pipe")] }).output();
    const before = Deno.cwd();
    Deno.chdir(folder); // the path of a socket has 107 bytes at most
    using _socket = Deno.listen({ transport: "unix", path: "socket" });
    Deno.chdir(before);
    const kinds = {
      [folder]: "it is a folder, not a file",
      [join(folder, "pipe")]: "it is a pipe, not a file",
      [join(folder, "socket")]: "it is a socket, not a file",
      "/dev/null": "it is a device, not a file",
      [join(folder, "none")]: "there is no such file",
    };
    for (const [path, reason] of Object.entries(kinds)) {
      assertThrows(() => new InputFile(path), Error, `Cannot read "${path}": ${reason}`);
    }
  }));
