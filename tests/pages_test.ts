import { assertEquals } from "@std/assert";
import { dirname, fromFileUrl, join, relative, resolve } from "@std/path";
import deno from "../deno.json" with { type: "json" };

const ROOT = fromFileUrl(new URL("..", import.meta.url));
const ELSEWHERE = ["build", "libtorch", "runs", "cases", "node_modules", ".git"];

/** The pages of the repository, as paths. */
function pages(folder = ROOT): string[] {
  return Array.from(Deno.readDirSync(folder)).flatMap(({ name, isFile, isDirectory }) => {
    const path = join(folder, name);
    if (isDirectory) return ELSEWHERE.includes(name) ? [] : pages(path);
    return isFile && name.endsWith(".md") ? [path] : [];
  });
}

function exists(path: string): boolean {
  try {
    return Deno.statSync(path) !== null;
  } catch {
    return false;
  }
}

/** What a heading is called in an address, as GitHub makes it. */
function anchors(page: string): string[] {
  return Array.from(
    Deno.readTextFileSync(page).matchAll(/^#+ (.*)$/gm),
    ([, title]) => title.toLowerCase().replace(/[^\w\- ]/g, "").replaceAll(" ", "-"),
  );
}

function leads(page: string, link: string): boolean {
  const [path, anchor] = link.split("#");
  const target = path === "" ? page : resolve(dirname(page), path);
  return exists(target) && (anchor === undefined || anchors(target).includes(anchor));
}

/** Whether `deno task …` has such a task, and the task such a command if it consists of commands. */
function isTask(name: string, command: string | undefined): boolean {
  if (!Object.hasOwn(deno.tasks, name)) return false;
  const isGroup = ["data", "eval", "visualize"].includes(name);
  return !isGroup || command === undefined || exists(join(ROOT, "tasks", name, `${command}.ts`));
}

for (const page of pages()) {
  const name = relative(ROOT, page), text = Deno.readTextFileSync(page);
  const all = (pattern: RegExp) => Array.from(text.matchAll(pattern));

  Deno.test(`every link, file and command in ${name} exists`, () => {
    const links = all(/\]\(([^)\s]+)\)/g).map(([, link]) => link)
      .filter((link) => !/^https?:/.test(link) && !leads(page, link));
    const files = [
      ...all(/`([\w.-]+(?:\/[\w.-]+)+\.(?:ts|cc|h|txt|json|md|yaml))`/g),
      ...all(/`((?:src|tasks|tests|native)\/[\w./-]+)`/g),
      ...all(/deno (?:run|test) -A ([\w-]+\/[\w./-]+)/g),
    ].map(([, path]) => path)
      .filter((path) => ![ROOT, dirname(page)].some((folder) => exists(join(folder, path))));
    const commands = all(/deno task ([a-z][a-z:]*)(?: ([a-z]+)\b(?![=.]))?/g)
      .filter(([, task, command]) => !isTask(task, command)).map(([words]) => words);
    assertEquals({ links, files, commands }, { links: [], files: [], commands: [] });
  });
}
