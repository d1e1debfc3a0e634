import { fromFileUrl, isAbsolute, relative, resolve } from "@std/path";

const PROJECT = fromFileUrl(new URL("../..", import.meta.url));

/**
 * The folder in which the person stands, from which every typed path is taken. `deno task` starts a task in the project's
 * folder and tells in `INIT_CWD` where it was called.
 */
function callerFolder(): string {
  const here = Deno.cwd();
  const caller = Deno.env.get("INIT_CWD");
  return caller !== undefined && resolve(here) === resolve(PROJECT) ? caller : here;
}

/** A typed path as an absolute one. */
export function absolutePath(typed: string): string {
  return resolve(callerFolder(), typed);
}

/** An absolute path as short as it can be typed where the person stands. */
export function shownPath(path: string): string {
  if (!isAbsolute(path)) return path;
  const fromHere = relative(callerFolder(), path);
  return fromHere === "" || fromHere.startsWith("..") ? path : fromHere;
}

/** {@linkcode shownPath} as a word of the shell's: quoted where that would take it apart. */
export function typedPath(path: string): string {
  const shown = shownPath(path);
  return /^[\p{L}\p{N}/._:=,@%+-]+$/u.test(shown) ? shown : `'${shown.replaceAll("'", `'\\''`)}'`;
}

/**
 * A typed source of images with an absolute path in it: a path, a path with `:split=NAME` behind it, or the reference's
 * `ImageNet:split=TRAIN:root=DIR`. Addresses stay as they are.
 */
export function absoluteSource(typed: string): string {
  if (/^([a-z][a-z0-9+.-]*:\/\/|pipe:)/i.test(typed)) return typed;
  if (!/^ImageNet(22k)?(:|$)/.test(typed)) return absolutePath(typed);
  return typed.replace(/(:(?:root|extra)=)([^:]+)/g, (_, name, path) => name + absolutePath(path));
}
