/**
 * Zip archives of images.
 *
 * @module
 */
import { relative } from "@std/path";
import { listZip } from "../../files/zip/directory.ts";
import { zipEntry, type ZipFiles } from "../../files/zip/files.ts";
import { METHOD } from "../../files/zip/format.ts";
import { type Archive, chooseByFolders, filtered, type WantedSplit } from "./archive_folders.ts";
import { openShard, readEvery } from "./shards.ts";
import { LeftOutAccount, type LeftOutKind } from "./left_out.ts";
import type { Listing } from "./listing.ts";
import { NameList } from "./name_list.ts";
import { endingOf, imageEndings, isHiddenPath, whyNoImage } from "./names.ts";
import { numberColumn } from "../../files/number_column.ts";
import type { ZipMember } from "./sample.ts";
import type { SampleTable } from "./sample_table.ts";
import { indexShard, type ShardImages } from "./shard_index.ts";
import type { ListingWatch } from "./walk.ts";

/** Options of {@linkcode readZips}. */
interface ZipOptions extends ListingWatch, WantedSplit {
  /** Channels of the images. Default: 3. */
  channels?: number;
}

/**
 * Lists the images of zip archives. Folders in an archive are classes as those on disk are, below one that holds them all.
 *
 * @param root The folder that names are relative to.
 * @param archives The archives, in order.
 * @throws {Error} If some are missing or damaged; the message names each.
 */
export async function readZips(
  root: string,
  archives: readonly string[],
  options: ZipOptions = {},
): Promise<Listing> {
  const leftOut = new LeftOutAccount();
  const parts = await readEvery(root, archives, options, async (path) => {
    const name = relative(root, path), { channels, split, isNamed } = options;
    const images = await indexShard(
      path,
      ["zip", name, channels, split, isNamed],
      leftOut,
      (leftOut) => {
        using file = openShard(path);
        const onTwice = (member: string) =>
          leftOut.add("a later member has the same name", `${name}/${member}`);
        const prefix = `${name}/`, { files, order } = listZip(file, { prefix, onTwice });
        writeSlashes(files.names, order, { name, leftOut });
        return readArchive(files, order, { ...options, name, leftOut });
      },
    );
    return { ...images, samples: new ZipMembers(path, images.places, `${name}/`.length) };
  });
  return { root, parts, leftOut };
}

/** Images that are files of one archive. */
class ZipMembers implements SampleTable {
  readonly length: number;
  readonly #path: string;
  readonly #columns: ZipFiles["columns"];
  readonly #begin: number;

  /** @param begin Where paths in the archive begin in the names. */
  constructor(path: string, columns: ZipFiles["columns"], begin: number) {
    this.length = columns.header.length;
    this.#path = path;
    this.#columns = columns;
    this.#begin = begin;
  }

  at(index: number, name: string): ZipMember | undefined {
    if (index >= this.length) return undefined;
    const member = name.slice(this.#begin);
    return { path: this.#path, entry: zipEntry(member, this.#columns, index) };
  }
}

/** Makes slashes tell folders in the names of files; some programs on Windows write backslashes alone. */
function writeSlashes(names: string[], order: Uint32Array, { name, leftOut }: Archive): void {
  const begin = `${name}/`.length;
  const areIn = (character: string) => names.some((name) => name.includes(character, begin));
  if (!areIn("\\") || areIn("/")) return;
  leftOut.add("with / for \\ in its members' names", name, "changed");
  for (const index of order) {
    names[index] = `${name}/${names[index].slice(begin).replaceAll("\\", "/")}`;
  }
  order.sort((a, b) => names[a] < names[b] ? -1 : 1);
}

/** Methods by which files are packed that can be read. */
const PLAIN: ReadonlySet<number> = new Set(Object.values(METHOD));

function readArchive(
  { names, columns }: ZipFiles,
  order: Uint32Array,
  { channels, name, leftOut, ...wanted }: ZipOptions & Archive,
): ShardImages {
  const endings = imageEndings(channels), begin = `${name}/`.length;
  const images = filtered(order, (index) => {
    const whole = names[index], member = whole.slice(begin);
    if (member.endsWith("/")) return false;
    const leave = (reason: string, kind?: LeftOutKind) => {
      leftOut.add(reason, whole, kind);
      return false;
    };
    if (isHiddenPath(member)) {
      return leave("hidden, or left behind by another program", "expected");
    }
    if (!endings.has(endingOf(member))) {
      const { reason, kind } = whyNoImage(member);
      return leave(reason, kind);
    }
    if (columns.isLink[index] === 1) return leave("a link, which is not read from archives");
    const isPlain = columns.isEncrypted[index] === 0 && PLAIN.has(columns.method[index]);
    return isPlain || leave("encrypted, or packed otherwise than by deflating");
  });
  if (images.length === 0) leftOut.add("an archive without images", name);
  const { chosen, labels } = chooseByFolders(images, names, { name, leftOut, ...wanted });
  const isAll = chosen.length === names.length && chosen.every((index, i) => index === i);
  const places = Object.entries(columns).map(([key, column]) => {
    return [key, numberColumn(column, isAll ? undefined : chosen)];
  });
  const ofChosen = () => Array.from({ length: chosen.length }, (_, i) => names[chosen[i]]);
  return {
    names: new NameList(isAll ? names : ofChosen()),
    places: Object.fromEntries(places),
    labels,
  };
}
