import { assertEquals, assertThrows } from "@std/assert";
import { readColumns, writeColumns } from "../../../src/data/sources/index_file.ts";
import { NameList } from "../../../src/data/sources/name_list.ts";
import { NumberCollector } from "../../../src/files/number_column.ts";
import { inTempFolder } from "../../temp_folder.ts";

const odd = ["\ufeffa", "", "b\0c", "d\n", '"', "ü/😀"];

/** Names that were added one by one, and then many at once: more than are packed together. */
function manyNames(): NameList {
  const names = new NameList();
  for (let i = 0; i < 2500; i++) names.push(`${odd[i % odd.length]}${i}`);
  names.add(odd);
  names.add(Array.from({ length: 60_000 }, (_, i) => `${i}`));
  names.push("last");
  return names;
}

Deno.test("columns come back from a file as they were: numbers in few bytes, names whatever they hold", async () => {
  await inTempFolder((folder) => {
    const path = `${folder}/a.columns`, names = manyNames();
    const large = new NumberCollector();
    for (const number of [...Array(300).keys(), 2 ** 40, NaN, -1]) large.push(number);
    const numbers = { none: [], bytes: [0, 255], words: [0, 2 ** 32 - 1], large: large.column };
    writeColumns(path, { head: { size: 7 }, numbers, names: { names, none: new NameList() } });
    assertEquals(readColumns(path, () => false), undefined);
    const kept = readColumns<{ size: number }>(path, ({ size }) => size === 7)!;
    assertEquals(kept.numbers, {
      none: new Uint8Array(),
      bytes: Uint8Array.of(0, 255),
      words: Uint32Array.of(0, 2 ** 32 - 1),
      large: Float64Array.of(...Array(300).keys(), 2 ** 40, NaN, -1),
    });
    assertEquals([kept.names.names.all(), kept.names.none.all()], [names.all(), []]);
    assertEquals([names.length, names.all().length], [62_507, 62_507]);
    assertEquals([names.all()[1], names.all()[2501], names.all().at(-1)], ["1", "", "last"]);
    Deno.truncateSync(path, Deno.statSync(path).size - 1);
    assertThrows(() => readColumns(path, () => true), Error, "it is cut short");
  });
});
