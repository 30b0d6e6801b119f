import {
  deepStrictEqual,
  match,
  ok,
  rejects,
  strictEqual,
} from "node:assert/strict";
import type { CliNote } from "@skymap/lib/client";
import type { Json } from "@skymap/lib/json";
import {
  contextOf,
  elements,
  flowOf,
  prepareStage,
  runStage,
} from "../_test_stage.ts";
import { Batch, type Batches } from "../batch.ts";
import type { LineContext } from "../line_context.ts";
import { JQ } from "./jq.ts";

async function jq(
  text: string,
  values: readonly Json[],
  context?: LineContext,
): Promise<Json[]> {
  return await elements(
    await runStage(JQ, text, flowOf(values), context),
  );
}

Deno.test("jq gives none, one or many results for each element", async () => {
  deepStrictEqual(
    await jq("'.[] | select(. > 1)'", [[1], [2, 3], [], [4]]),
    [2, 3, 4],
  );
});

Deno.test("jq takes filters with and without quotes", async () => {
  const values = [{ a: 1, b: "x" }];
  deepStrictEqual(await jq("{a: .a, c: .b}", values), [{ a: 1, c: "x" }]);
  deepStrictEqual(await jq(`"\\"\\(.a)\\" + .b"`, values), ["1x"]);
  deepStrictEqual(await jq("'.b # name'", values), ["x"]);
  deepStrictEqual(await jq("'def f: .a; f'", values), [1]);
});

Deno.test("jq keeps values as they are", async () => {
  const texts = [
    "100000000000000000000000001",
    '{"z":1,"10":2,"2":3}',
    '"é😀\\u0000\\u2028"',
    "[]",
    "null",
    `"${"x".repeat(200_000)}"`,
  ];
  const flow = await runStage(JQ, ".", {
    type: "elements",
    shape: "records",
    batches: (async function* (): Batches {
      yield await Promise.resolve(Batch.ofTexts(texts));
    })(),
  });
  ok(flow.type === "elements");
  const found: string[] = [];
  for await (const batch of flow.batches) found.push(...batch.texts);
  deepStrictEqual(found.map((text) => text.replaceAll("\u2028", "\\u2028")), [
    ...texts.slice(0, 2),
    '"é😀\\u0000\\u2028"',
    ...texts.slice(3),
  ]);
});

Deno.test("jq gives each element a run of its own", async () => {
  const values = [1, 2, 3, 4];
  const cases: readonly (readonly [string, readonly Json[]])[] = [
    // There is no other element to be had.
    ["[., [inputs]]", values.map((value) => [value, []])],
    ["'try input catch .'", values.map(() => "No more inputs")],
    ["'[., (input? // \"none\")]'", values.map((value) => [value, "none"])],
    ["'first(inputs, .)'", values],
    ["input_line_number", [1, 1, 1, 1]],
    // What ends one run does not end that of the next.
    ["'if . == 2 then halt else . end'", [1, 3, 4]],
    ["'., halt, 9'", values],
    ["'., (if . == 3 then (\"bye\" | halt_error(0)) else 8 end)'", [
      ...[1, 8, 2, 8, 3, 4, 8],
    ]],
    ["'limit(1; ., 7)'", values],
    ["'label $out | ., break $out, 7'", values],
    ["'[limit(3; repeat(1))]'", values.map(() => [1, 1, 1])],
    // Nothing of the process is to be seen.
    ["'[env, $ENV, input_filename]'", values.map(() => [{}, {}, null])],
  ];
  for (const [filter, wanted] of cases) {
    deepStrictEqual(await jq(filter, values), wanted, filter);
  }
});

Deno.test("jq begins relative paths of nodes and changes at the section", async () => {
  const node = {
    type: "node",
    id: "n1",
    reported: { name: "web", size: 3 },
    metadata: { size: 4 },
  };
  const run = async (text: string, value: Json, section = "reported") =>
    await elements(
      await runStage(
        JQ,
        text,
        flowOf([value], "type" in (value as object) ? "nodes" : "records"),
        contextOf({ section }),
      ),
    );
  deepStrictEqual(await run("[.name, ./id]", node), [["web", "n1"]]);
  deepStrictEqual(await run(".size", node, "metadata"), [4]);
  deepStrictEqual(await run("--no-rewrite .id", node), ["n1"]);
  deepStrictEqual(await run(".id", node, "/"), ["n1"]);
  const change = {
    change: "node_updated",
    changed_at: "x",
    reported: { a: 1 },
  };
  deepStrictEqual(await run(".a", change), [1]);
  deepStrictEqual(await run(".a", { a: 5, reported: { a: 1 } }), [5]);
});

Deno.test("jq tells a filter that is wrong before anything runs", async () => {
  const cases: readonly (readonly [string, RegExp])[] = [
    ["'.a |'", /syntax error, unexpected end of file.*wanted a filter of jq/s],
    [".a.", /syntax error/],
    ["''", /Top-level program not given/],
    ["nothing", /nothing\/0 is not defined on line 1/],
    ["'import \"a\" as a; .'", /syntax error|not defined/],
    ["'\"\\(1'", /syntax error/],
  ];
  for (const [filter, message] of cases) {
    await rejects(prepareStage(JQ, filter), (error: Error) => {
      match(error.message, message);
      ok(!error.message.includes("No more inputs"), error.message);
      match(error.message, /\^/);
      return (error as { code?: string }).code === "usage";
    });
  }
});

Deno.test("jq takes every path that looks like one", async () => {
  const value = { and: { __loc__: [[1]] }, if: 2, a1_: 3 };
  for (
    const [filter, wanted] of [
      [".and.__loc__[0][]", 1],
      [".if", 2],
      [".a1_", 3],
      [".reduce.end[]?", undefined],
      [".def", null],
    ] as const
  ) {
    deepStrictEqual(
      await jq(filter, [value]),
      wanted === undefined ? [] : [wanted],
      filter,
    );
  }
});

Deno.test("jq tells which element it failed on, behind the results before it", async () => {
  const flow = await runStage(
    JQ,
    "'.a, .a + 1'",
    flowOf([
      { a: 1 },
      { a: 2 },
      { a: "x" },
      { a: 4 },
    ]),
  );
  ok(flow.type === "elements");
  const found: Json[] = [];
  await rejects(async () => {
    for await (const { values } of flow.batches) found.push(...values);
  }, {
    code: "filter_failed",
    message:
      'Cannot run jq ".a, .a + 1" on element 3: string ("x") and number (1) cannot be added',
    details: { filter: ".a, .a + 1", element: 3 },
  });
  deepStrictEqual(found, [1, 2, 2, 3, "x"]);
  await rejects(jq("'if . == 2 then halt_error else . end'", [1, 2]), {
    code: "filter_failed",
    message: /on element 2: 2$/,
  });
  await rejects(jq("'error(null)'", [1]), { code: "filter_failed" });
});

Deno.test("jq passes on what a filter says", async () => {
  const notes: CliNote[] = [];
  const context = contextOf({ notes });
  deepStrictEqual(await jq("'debug | debug(\"m\\(.)\")'", [1, 2], context), [
    1,
    2,
  ]);
  strictEqual(notes.length, 2);
  match(JSON.stringify(notes[0]), /DEBUG:.*1.*m1/);
});

Deno.test("jq gives its first result while the filter goes on", async () => {
  const flow = await runStage(JQ, "'., (def f: f; f)'", flowOf([1]));
  ok(flow.type === "elements");
  for await (const { values } of flow.batches) {
    deepStrictEqual(values, [1]);
    break;
  }
});

Deno.test("jq that never ends is killed, and core goes on meanwhile", async () => {
  const cases = ["'last(range(1e12))'", "'def f: f; f'", "'repeat(.)'"];
  for (const filter of cases) {
    const stop = new AbortController();
    const context = contextOf({ signal: stop.signal });
    const flow = await runStage(JQ, filter, flowOf([1]), context);
    ok(flow.type === "elements");
    const iterator = flow.batches[Symbol.asyncIterator]();
    const next = iterator.next();
    stop.abort(new Error("Ctrl-C"));
    await rejects(
      async () => {
        await next;
        while ((await iterator.next()).done !== true);
      },
      { message: "Ctrl-C" },
      filter,
    );
  }
});

Deno.test("jq that wants too much memory is an error", async () => {
  await rejects(jq("'\"x\" * (. * 1e10)'", [1]), {
    code: "filter_failed",
    message: /on element 1: .*cannot allocate memory/,
  });
});

Deno.test("jq ends its input when nobody wants more", async () => {
  let isEnded = false;
  const endless = async function* (): Batches {
    try {
      for (;;) yield await Promise.resolve(Batch.ofTexts(['{"a":1}']));
    } finally {
      isEnded = true;
    }
  };
  const flow = await runStage(JQ, ".a", {
    type: "elements",
    shape: "records",
    batches: endless(),
  });
  ok(flow.type === "elements");
  for await (const { values } of flow.batches) {
    strictEqual(values[0], 1);
    break;
  }
  ok(isEnded);
});

Deno.test("jq passes on why its input failed", async () => {
  const failing = async function* (): Batches {
    yield await Promise.resolve(Batch.ofTexts(["1"]));
    throw new Error("cut");
  };
  const flow = await runStage(JQ, ".", {
    type: "elements",
    shape: "records",
    batches: failing(),
  });
  await rejects(elements(flow), { message: "cut" });
});

Deno.test("jq knows the line's clock and time zone", async () => {
  const context = contextOf({
    timeZone: "Asia/Tokyo",
    environment: { now: "2026-01-31T00:00:00Z" },
  });
  deepStrictEqual(
    await jq("'now | todate, strflocaltime(\"%H:%M\")'", [1], context),
    ["2026-01-31T00:00:00Z", "09:00"],
  );
});
