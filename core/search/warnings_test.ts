import { deepStrictEqual } from "node:assert/strict";
import { parseQuery } from "../query/parse.ts";
import { warningsOf } from "./warnings.ts";

const NO_USAGE = "is missing on every node: no usage is recorded";
const NO_CHECKS =
  "is missing on every node: no results of security checks are recorded";

Deno.test("warningsOf() names what no node can have yet, once", () => {
  const cases: readonly [string, readonly string[]][] = [
    ["is(volume) and usages > 3 and /metadata.usage = 1", []],
    ["usage.cpu > 3 or usage.cpu < 1", [`"usage.cpu" ${NO_USAGE}`]],
    ["not(/usage.cpu > 3)", [`"/usage.cpu" ${NO_USAGE}`]],
    ["a.{/security.x = 1}", []],
    ["/security.{x = 1}", [`"/security.x" ${NO_CHECKS}`]],
    ["sort usage.cpu", [`"usage.cpu" ${NO_USAGE}`]],
    [
      "all {x: --> /security.b = 1}",
      [`"/security.b" ${NO_CHECKS}`],
    ],
    ["all {usage: --> all} usage.cpu = 1", []],
    [
      "with(any, --> usage.a = 1 with(any, --> usage.b = 1))",
      [`"usage.a" ${NO_USAGE}`, `"usage.b" ${NO_USAGE}`],
    ],
    [
      'aggregate("{usage.a}" as x: sum(/usage.b)): all',
      [`"usage.a" ${NO_USAGE}`, `"/usage.b" ${NO_USAGE}`],
    ],
    [
      "with_usage(3w, cpu, mem) is(foo)",
      ["with_usage adds nothing: no usage is recorded (cpu, mem)"],
    ],
    [
      "/before.a = 1",
      ['"/before.a" is missing on every node: only the history has it'],
    ],
  ];
  for (const [text, wanted] of cases) {
    deepStrictEqual(warningsOf(parseQuery(text)), wanted, text);
  }
});

Deno.test("warningsOf() goes by the section and by what is searched", () => {
  deepStrictEqual(
    warningsOf(parseQuery("severity = high"), { section: "security" }),
    [`"severity" ${NO_CHECKS}`],
  );
  deepStrictEqual(
    warningsOf(parseQuery("/change = node_created"), { isHistory: true }),
    [],
  );
});
