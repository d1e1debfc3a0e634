import { assert, assertEquals } from "@std/assert";
import { hostMemory } from "../../src/tensor/host_memory.ts";

const files = (content: Record<string, string>) => (path: string) => content[path];

Deno.test("without containers memory is the machine's", () => {
  const { total, free } = hostMemory(files({}));
  assertEquals(total, Deno.systemMemoryInfo().total);
  assert(free > 0 && free <= total);
});

Deno.test("a container's limit counts, in the notation of either version", () => {
  const second = files({
    "/proc/self/cgroup": "0::/jobs/a\n",
    "/sys/fs/cgroup/jobs/memory.max": "3000\n",
    "/sys/fs/cgroup/jobs/memory.current": "1000\n",
    "/sys/fs/cgroup/jobs/memory.stat": "anon 600\ninactive_file 400\n",
    "/sys/fs/cgroup/jobs/a/memory.max": "max\n",
  });
  assertEquals(hostMemory(second), { total: 3000, free: 2400 });
  const first = files({
    "/proc/self/cgroup": "4:memory:/box\n1:cpu:/\n",
    "/sys/fs/cgroup/memory/memory.limit_in_bytes": "9223372036854771712\n",
    "/sys/fs/cgroup/memory/box/memory.limit_in_bytes": "500\n",
    "/sys/fs/cgroup/memory/box/memory.usage_in_bytes": "600\n",
  });
  assertEquals(hostMemory(first), { total: 500, free: 0 });
});

Deno.test("inside a container whose own folder is the root, its limit is found there", () => {
  const inside = files({ "/proc/self/cgroup": "0::/\n", "/sys/fs/cgroup/memory.max": "700\n" });
  assertEquals(hostMemory(inside).total, 700);
});
