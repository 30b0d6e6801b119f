import { deepStrictEqual, rejects } from "node:assert/strict";
import { eachOnce } from "./each_once.ts";
import { idOf } from "./json_value.ts";

Deno.test("eachOnce() gives the first of those that have the same id", async () => {
  const items = [{ id: 1, name: "a" }, { id: "1", name: "b" }, { id: 2 }];
  deepStrictEqual(await Array.fromAsync(eachOnce("it", items, idOf)), [
    ["1", { id: 1, name: "a" }],
    ["2", { id: 2 }],
  ]);
});

Deno.test("eachOnce() fails a listing of which an item has no id", async () => {
  for (const item of [{ name: "x" }, { id: "" }, { id: 7 }, null, "a", []]) {
    await rejects(
      Array.fromAsync(eachOnce("GET /things", [{ id: "a" }, item])),
      {
        code: "answer_malformed",
        message: "Cannot call GET /things: answer_malformed: an item has no id",
      },
      JSON.stringify(item),
    );
  }
});
