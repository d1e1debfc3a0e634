import { join } from "@std/path";
import { namesIn } from "../../files/folder_names.ts";
import { lastCheckpoint } from "../../checkpoint/retain.ts";
import { lastTeacher } from "../../checkpoint/teacher.ts";

/** Weights in a folder of a library's model, the first that is there. */
const MODEL_FILES = ["model.safetensors", "pytorch_model.bin"];

/**
 * The file with the weights of a run folder (its newest teacher or checkpoint) or of a folder that Hugging Face or timm
 * wrote. A path of a file is that of its weights.
 *
 * @throws {Error} When there are none.
 */
export function findWeights(path: string): string {
  if (!isFolder(path)) return path;
  const teacher = lastTeacher(path);
  const checkpoint = lastCheckpoint(path);
  const newest = (checkpoint?.iteration ?? -1) > (teacher?.iteration ?? -1) ? checkpoint : teacher;
  if (newest !== null) return newest.path;
  const names = namesIn(path, "files");
  const model = MODEL_FILES.find((name) => names.includes(name));
  if (model !== undefined) return join(path, model);
  const index = names.find((name) => name.endsWith(".index.json"));
  throw new Error(
    `Cannot find weights in "${path}": ` +
      (index === undefined
        ? "it holds neither a checkpoint nor a teacher of a run, nor a model.safetensors. " +
          "Name a run folder, or a .safetensors or .pth file"
        : `${index} spreads them over several files. Save them in Python with max_shard_size="50GB"`),
  );
}

function isFolder(path: string): boolean {
  try {
    return Deno.statSync(path).isDirectory;
  } catch {
    return false; // what is wrong with it shows when it is opened
  }
}
