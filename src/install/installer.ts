/**
 * The program that {@linkcode locateLibrary} runs: builds the library that its only argument names. Prints the reason where
 * it cannot, and ends with status 1.
 *
 * @module
 */
import { printable } from "../files/quoted.ts";
import { install } from "./install.ts";
import { thisMachine } from "./machine.ts";
import { nativeLibraries } from "./native_library.ts";

const wanted = nativeLibraries.filter(({ name }) => Deno.args.includes(name));
try {
  await install(wanted, thisMachine((line) => console.error(printable(line))));
} catch (error) {
  console.log(error instanceof Error ? error.message : String(error));
  Deno.exit(1);
}
