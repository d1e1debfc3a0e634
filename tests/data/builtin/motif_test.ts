import { assert } from "@std/assert";
import { MOTIFS } from "../../../src/data/builtin/motif.ts";

for (const [name, motif] of Object.entries(MOTIFS)) {
  Deno.test(`${name} lie inside the unit circle and change sign at an outline`, () => {
    let inside = 0;
    let count = 0;
    for (let y = -1.5; y <= 1.5; y += 0.05) {
      for (let x = -1.5; x <= 1.5; x += 0.05, count++) {
        const distance = motif(x, y);
        if (distance >= 0) continue;
        inside++;
        assert(Math.hypot(x, y) <= 1, `${name} reach (${x}, ${y})`);
      }
    }
    const area = 9 * inside / count;
    assert(area > 0.4 && area < 2.5, `${name} cover ${area}`);
  });

  Deno.test(`the distance to ${name} never grows faster than the way walked`, () => {
    for (let angle = 0; angle < 2 * Math.PI; angle += 0.1) {
      for (let radius = 0; radius < 1.5; radius += 0.05) {
        const [x, y] = [radius * Math.cos(angle), radius * Math.sin(angle)];
        const step = Math.abs(motif(x + 0.01, y) - motif(x, y));
        assert(step <= 0.0115, `${name} at (${x}, ${y}): ${step}`);
      }
    }
  });
}
