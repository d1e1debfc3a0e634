import { join } from "@std/path";
import { namesIn } from "../../files/folder_names.ts";
import { lastCheckpoint } from "../../checkpoint/retain.ts";
import { lastTeacher } from "../../checkpoint/teacher.ts";

/** Weights in a folder of a library's model, the first that is there: in one file, or in several with an index. */
const MODEL_FILES = ["model.safetensors", "pytorch_model.bin"].flatMap((name) => [
  name,
  `${name}.index.json`,
]);
/** One of several files. */
const SHARD = /-\d{5}-of-(\d{5})\.(safetensors|bin)$/;

/**
 * The file with the weights of a run folder (its newest teacher or checkpoint) or of a folder that Hugging Face or timm
 * wrote. A path of a file is that of its weights.
 *
 * @throws {Error} When there are none.
 */
export function findWeights(path: string): string {
  if (!isFolder(path)) {
    const [, count] = SHARD.exec(path) ?? [];
    if (count === undefined) return path;
    throw new Error(
      `Cannot load "${path}": it is one of ${+count} files that belong together. Give their folder`,
    );
  }
  const teacher = lastTeacher(path);
  const checkpoint = lastCheckpoint(path);
  const newest = (checkpoint?.iteration ?? -1) > (teacher?.iteration ?? -1) ? checkpoint : teacher;
  if (newest !== null) return newest.path;
  const names = namesIn(path, "files");
  const model = MODEL_FILES.find((name) => names.includes(name));
  if (model !== undefined) return join(path, model);
  throw new Error(
    `Cannot find weights in "${path}": it holds neither a checkpoint nor a teacher of a run, nor a model.safetensors. ` +
      "Name a run folder, or a .safetensors or .pth file",
  );
}

function isFolder(path: string): boolean {
  try {
    return Deno.statSync(path).isDirectory;
  } catch {
    return false; // what is wrong with it shows when it is opened
  }
}
