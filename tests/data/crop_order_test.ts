import { assertEquals } from "@std/assert";
import { CropOrder } from "../../src/data/crop_order.ts";

Deno.test("an image's slot counts the good ones before it, on every thread", () => {
  const order = new CropOrder(3);
  const other = new CropOrder(order.states);
  for (let number = 0; number < 6; number++) order.begin(number);
  [true, false, true, true, false].forEach((isGood, number) => other.settle(number, isGood));
  const slots = [0, 1, 2, 3, 4, 5].map((number) => order.slotOf({ number, from: 0, slot: 40 }));
  assertEquals(slots, [40, 41, 41, 42, 43, 43]);
  assertEquals(order.slotOf({ number: 5, from: 3, slot: 7 }), 8);
});

Deno.test("what is noted first of an image stays, and who notes another thing is told", () => {
  const order = new CropOrder(1);
  order.begin(0);
  assertEquals([true, true, false].map((isGood) => order.settle(0, isGood)), [true, true, false]);
  assertEquals(order.slotOf({ number: 1, from: 0, slot: 0 }), 1);
  order.begin(1);
  assertEquals([false, true, false].map((isGood) => order.settle(1, isGood)), [true, false, true]);
  assertEquals(order.slotOf({ number: 2, from: 0, slot: 0 }), 1);
});

Deno.test("what is known of an image stays while it may be looked back on, and is forgotten with its place", () => {
  const order = new CropOrder(2); // two out, two given out behind one that looks back, and itself
  for (let number = 0; number < 5; number++) order.begin(number);
  order.settle(0, true);
  order.settle(1, true);
  assertEquals(order.slotOf({ number: 2, from: 0, slot: 0 }), 2);
  order.begin(5); // where 0 was
  order.settle(5, false);
  assertEquals(order.slotOf({ number: 6, from: 5, slot: 0 }), 0);
  assertEquals(order.slotOf({ number: 2, from: 1, slot: 0 }), 1);
});
