/** Bytes that are read at a time. */
const CHUNK = 65536;

/** `O_RDONLY | O_CLOEXEC`. */
const READ_ONLY = 0o2000000;

/**
 * Reads a file of the kernel such as `/proc/self/status`. Deno reserves these for programs with all permissions; a program
 * that may call native code has full trust anyway, and reads them through libc.
 *
 * @returns The text; undefined if there is no such file or it cannot be read.
 */
export function readSystemFile(path: string): string | undefined {
  try {
    return Deno.readTextFileSync(path);
  } catch (error) {
    return error instanceof Deno.errors.NotCapable ? readByLibc(path) : undefined;
  }
}

function readByLibc(path: string): string | undefined {
  try {
    const libc = Deno.dlopen("libc.so.6", {
      open: { parameters: ["buffer", "i32"], result: "i32" },
      read: { parameters: ["i32", "buffer", "usize"], result: "isize" },
      close: { parameters: ["i32"], result: "i32" },
    });
    const { open, read, close } = libc.symbols;
    const file = open(new TextEncoder().encode(`${path}\0`), READ_ONLY);
    if (file < 0) return void libc.close();
    const decoder = new TextDecoder();
    const chunk = new Uint8Array(CHUNK);
    let content = "";
    for (let length; (length = Number(read(file, chunk, BigInt(CHUNK)))) > 0;) {
      content += decoder.decode(chunk.subarray(0, length), { stream: true });
    }
    close(file);
    libc.close();
    return content;
  } catch {
    return undefined; // a C library of another name, or no permission to call native code
  }
}
