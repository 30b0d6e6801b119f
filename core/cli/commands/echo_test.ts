import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import {
  contextOf,
  elements,
  prepareStage,
  runStage,
  textOf,
} from "../_test_stage.ts";
import { ECHO } from "./echo.ts";
import { ENV } from "./env.ts";
import { JSON_COMMAND } from "./json.ts";

Deno.test("echo gives its text, quotes around all of it taken off", async () => {
  const cases = [
    ["", "\n"],
    ["a  b", "a  b\n"],
    ["'a | b'", "a | b\n"],
    ['"a\\nb"', "a\nb\n"],
    ['"a" b', '"a" b\n'],
  ] as const;
  for (const [text, wanted] of cases) {
    strictEqual(await textOf(await runStage(ECHO, text, undefined)), wanted);
  }
});

Deno.test("json gives values, of an array each by itself", async () => {
  const cases = [
    ['{"a": 1}', [{ a: 1 }]],
    ['[1, "a,b", [2]]', [1, "a,b", [2]]],
    ["[]", []],
    ["'\"text\"'", ["text"]],
    ['"text"', ["text"]],
    ['[\n1,\n{"a":\n2}]', [1, { a: 2 }]],
    ["null", [null]],
  ] as const;
  for (const [text, wanted] of cases) {
    deepStrictEqual(
      await elements(await runStage(JSON_COMMAND, text, undefined)),
      wanted,
      text,
    );
  }
  await rejects(prepareStage(JSON_COMMAND, "{a}"), { code: "usage" });
});

Deno.test("env shows the variables of the line", async () => {
  const context = contextOf({
    section: "desired",
    environment: { section: "desired", at: "3 d" },
  });
  strictEqual(
    await textOf(await runStage(ENV, "", undefined, context)),
    'at="3 d"\ngraph=main\nsection=desired\n',
  );
});
