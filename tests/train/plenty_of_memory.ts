/**
 * Gives the tests of a file a machine with memory to spare: where little is free, a run tells that beside what they expect. The
 * limit of a container still counts.
 *
 * @module
 */
const { systemMemoryInfo } = Deno;
Deno.systemMemoryInfo = () => ({ ...systemMemoryInfo(), total: 2 ** 40, available: 2 ** 40 });
