import { strictEqual } from "node:assert/strict";
import { boundedLabel } from "./bounded_label.ts";

Deno.test("boundedLabel() gives the first values, and then none that is new", () => {
  const label = boundedLabel(2);
  strictEqual(label("net"), "net");
  strictEqual(label("read"), "read");
  strictEqual(label("run"), "other");
  strictEqual(label("net"), "net");
});
