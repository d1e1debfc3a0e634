import { assert, assertEquals } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { exportsOf, privateNames, publicModules } from "../tasks/layers/public_names.ts";

const ROOT = fromFileUrl(new URL("..", import.meta.url));
const { ".": root, ...others } = publicModules;
const ofSubPaths = Object.values(others).flatMap((path) => exportsOf(ROOT, path));

Deno.test("everything that tasks do with images and networks is done by public names", () => {
  assertEquals(privateNames(ROOT), []);
});

Deno.test("the root holds about forty names, all of which stand in a sub-path too", () => {
  const names = exportsOf(ROOT, root);
  assertEquals(names.filter((name) => !ofSubPaths.includes(name)), []);
  assert(names.length <= 50, `${names.length} names`);
});

Deno.test("no name of a sub-path means two things", () => {
  assertEquals(ofSubPaths.filter((name, i) => ofSubPaths.indexOf(name) !== i), []);
});
