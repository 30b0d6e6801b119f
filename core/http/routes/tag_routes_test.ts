import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import type { TagAnswer, TagChange } from "@skymap/lib/client";
import { apiOf } from "../_test_api.ts";

const ERROR = { code: "x", message: "no", permission: "ec2:CreateTags" };

/** The API, and the changes that it was asked for. */
function world() {
  const asked: (readonly TagChange[])[] = [];
  const api = apiOf({
    tag: (changes) => {
      asked.push(changes);
      return Promise.resolve(
        changes.map(({ id, update = {} }): TagAnswer =>
          id === "bad" ? { id, error: ERROR } : { id, tags: update }
        ),
      );
    },
  });
  const post = (
    body: string,
    headers: Readonly<Record<string, string>> = {},
    token = "operator",
  ) =>
    api.request("/graph/main/tag", {
      method: "POST",
      body,
      headers: { authorization: `Bearer ${token}`, ...headers },
    });
  return { asked, post };
}

Deno.test("POST /graph/{graph}/tag takes JSON and lines of it, and answers for each", async () => {
  const changes = [
    { id: "a", update: { owner: "me" }, remove: ["tmp"] },
    { id: "bad", remove: ["tmp"] },
  ];
  const lines = changes.map((each) => `${JSON.stringify(each)}\n`).join("\n");
  for (
    const [body, type] of [
      [lines, "application/x-ndjson"],
      [JSON.stringify(changes), "application/json"],
      [JSON.stringify(changes), "application/x-ndjson"],
    ] as const
  ) {
    const { asked, post } = world();
    const answer = await post(body, {
      "content-type": type,
      accept: "application/json",
    });
    strictEqual(answer.status, 200);
    deepStrictEqual(await answer.json(), [
      { id: "a", tags: { owner: "me" } },
      { id: "bad", error: ERROR },
    ]);
    deepStrictEqual(asked, [changes]);
  }
});

Deno.test("POST /graph/{graph}/tag does nothing when anything of it cannot be read", async () => {
  const good = '{"id": "a", "update": {"b": "c"}}\n';
  const cases: readonly (readonly [string, string, RegExp])[] = [
    [`${good}{`, "application/x-ndjson", /line 2 as JSON/],
    ["{", "application/json", /the body is not JSON/],
    [
      `${good}{"id": "b", "update": {"n": 1}}`,
      "application/x-ndjson",
      /the change 2, "b": "update\.n": .*expected string/,
    ],
    [`${good}{"id": ""}`, "application/x-ndjson", /the change 2, "": "id"/],
    ["[7]", "application/json", /the change 1: .*expected object/],
    ['{"id": "a", "tags": {}}', "application/json", /"tags"/],
    ['{"id": "a", "update": {"": "x"}}', "application/json", /"update/],
  ];
  for (const [body, type, problem] of cases) {
    const { asked, post } = world();
    const answer = await post(body, { "content-type": type });
    strictEqual(answer.status, 400, body);
    const { code, detail } = await answer.json();
    strictEqual(code, "body_invalid", body);
    match(detail, problem);
    deepStrictEqual(asked, [], body);
  }
});

Deno.test("POST /graph/{graph}/tag asks for some at a time", async () => {
  const { asked, post } = world();
  const changes = Array.from({ length: 900 }, (_, at) => ({
    id: `n${at}`,
    update: { at: String(at) },
  }));
  const answer = await post(JSON.stringify(changes), {
    "content-type": "application/json",
    accept: "application/x-ndjson",
  });
  const lines = (await answer.text()).trim().split("\n");
  strictEqual(lines.length, 900);
  deepStrictEqual(JSON.parse(lines[899] ?? ""), {
    id: "n899",
    tags: { at: "899" },
  });
  deepStrictEqual(asked.map(({ length }) => length), [400, 400, 100]);
});

Deno.test("POST /graph/{graph}/tag is for operators: a worker's token opens no cloud by itself", async () => {
  const { asked, post } = world();
  for (const role of ["worker", "metrics"]) {
    const answer = await post('{"id": "a"}', {}, role);
    strictEqual(answer.status, 403, role);
    await answer.body?.cancel();
  }
  deepStrictEqual(asked, []);
});
