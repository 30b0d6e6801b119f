import { match, notStrictEqual, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { nodeId, type NodeKey, randomId } from "./ids.ts";

const KEY: NodeKey = {
  cloud: "aws",
  account: "1",
  region: "eu-central-1",
  kind: "aws_ec2_volume",
  id: "vol-1",
};

Deno.test("nodeId() is the same in every version", () => {
  // Stored graphs hold these ids: a change of the recipe would lose them.
  strictEqual(nodeId(KEY), "vc9q2tcndjmki04mve44oqdfdk");
});

Deno.test("nodeId() tells keys apart whose parts join to the same text", () => {
  const part = fc.string({ maxLength: 4 });
  const key = fc.record({
    cloud: part,
    account: part,
    region: part,
    kind: part,
    id: part,
  });
  fc.assert(fc.property(key, key, (a, b) => {
    const same = JSON.stringify(Object.values(a)) ===
      JSON.stringify(Object.values(b));
    strictEqual(nodeId(a) === nodeId(b), same);
  }));
  notStrictEqual(
    nodeId({ ...KEY, account: "12", region: "3" }),
    nodeId({ ...KEY, account: "1", region: "23" }),
  );
});

Deno.test("randomId() gives 26 characters, never the same", () => {
  match(randomId(), /^[0-9a-v]{26}$/);
  notStrictEqual(randomId(), randomId());
});
