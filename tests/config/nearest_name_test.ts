import { assertEquals } from "@std/assert";
import { adviseName, nearestName } from "../../src/config/nearest_name.ts";

Deno.test("a misspelt word means the name that differs in at most half of its letters", () => {
  assertEquals(nearestName("knm", ["linear", "knn"]), "knn");
  assertEquals(nearestName("knm", ["linear", "kxx"]), undefined);
  assertEquals(nearestName("sxxd", ["need", "seed"]), "seed");
});

Deno.test("a word means a name that holds it or that it holds, except for one or two letters", () => {
  assertEquals(nearestName("mean", ["cls", "patch-mean"]), "patch-mean");
  assertEquals(nearestName("dinov2_vits14", ["vits14", "vitb14"]), "vits14");
  assertEquals(nearestName("k", ["image-kind"]), undefined);
  assertEquals(nearestName("", ["cls"]), undefined);
});

Deno.test("advice names what may be meant, and always all that can be chosen", () => {
  assertEquals(adviseName("onnx", ["pth", "hf"]), "choose from pth, hf");
  assertEquals(adviseName("ptth", ["pth", "hf"]), 'did you mean "pth"? Choose from pth, hf');
});
