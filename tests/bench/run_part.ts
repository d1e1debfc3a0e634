/**
 * `deno run -A tests/bench/run_part.ts NAME OPTIONS`: measures one part of the benchmark, and prints each figure as a line
 * of JSON once it is there.
 *
 * @module
 */
import type { BenchOptions, BenchResult } from "./result.ts";

/** One part: `tests/bench/NAME_bench.ts`. */
interface BenchModule {
  /** Measures one thing after the other. */
  bench(options: BenchOptions): AsyncIterable<BenchResult>;
}

const [name, options] = Deno.args;
try {
  const { bench }: BenchModule = await import(`./${name}_bench.ts`);
  for await (const { name, ...result } of bench(JSON.parse(options))) {
    console.log(JSON.stringify({ name, ...result }));
  }
} catch (error) {
  console.error(error instanceof Error ? error.message.replaceAll("\n", "; ") : error);
  Deno.exit(1);
}
Deno.exit(0); // threads of a pool may still be there
