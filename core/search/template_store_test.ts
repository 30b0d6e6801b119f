import { deepStrictEqual, ok, rejects, strictEqual } from "node:assert/strict";
import { isSkymapError } from "@skymap/lib/errors";
import { openTestDatabase } from "../db/test_database.ts";
import { TemplateStore } from "./template_store.ts";

const at = await openTestDatabase();

async function openStore(): Promise<TemplateStore> {
  return await TemplateStore.open({
    db: at.db.system,
    nowMs: () => Date.UTC(2026, 0, 10),
  });
}

async function emptyStore(): Promise<TemplateStore> {
  await at.db.system.query("DELETE search_template");
  return await openStore();
}

async function refusal(promise: Promise<unknown>): Promise<string> {
  let message = "";
  await rejects(promise, (error) => {
    message = isSkymapError(error) ? `${error.code}: ${error.message}` : "";
    return message !== "";
  });
  return message;
}

Deno.test("TemplateStore keeps templates over a restart of core", async () => {
  const store = await emptyStore();
  await store.put("old", "age > {{age}}");
  await store.put("kinds", "is({{kinds}}) and expand(old, age={{age}})");
  await store.put("old", "age >= {{age}}");
  const again = await openStore();
  deepStrictEqual(again.list(), [
    {
      name: "kinds",
      template: "is({{kinds}}) and expand(old, age={{age}})",
    },
    { name: "old", template: "age >= {{age}}" },
  ]);
  strictEqual(
    again.expand("expand(kinds, kinds=[a, b], age=3d) and c < @NOW@"),
    'is(["a", "b"]) and age >= 3d and c < 2026-01-10T00:00:00Z',
  );
  await again.remove("kinds");
  deepStrictEqual((await openStore()).names(), ["old"]);
});

Deno.test("TemplateStore names the nearest template when one is missing", async () => {
  const store = await emptyStore();
  await store.put("old_volumes", "is(volume)");
  strictEqual(
    await refusal(Promise.resolve().then(() => store.get("old_volume"))),
    'template_unknown: Cannot find template "old_volume": none has this name; ' +
      'did you mean "old_volumes"?',
  );
  ok((await refusal(store.remove("x"))).startsWith("template_unknown"));
});

Deno.test("TemplateStore does not remove what another template expands", async () => {
  const store = await emptyStore();
  await store.put("inner", "a = 1");
  await store.put("outer", 'expand(inner) and b = "expand(other)"');
  ok(/^conflict: .*outer expand it/.test(await refusal(store.remove("inner"))));
  await store.remove("outer");
  await store.remove("inner");
});

Deno.test("TemplateStore.put() takes pieces of searches too", async () => {
  const store = await emptyStore();
  const templates = [
    "is({{kind}}) and age > {{age}}",
    "and tags.{{key}} != null",
    "sort {{by}} {{direction}} limit {{n}}",
    "aggregate({{by}}: sum(1) as count): is({{kind}})",
    "{{#kinds.with_index}}is({{value}}){{^last}} or {{/last}}{{/kinds.with_index}}",
    "{{#tags.as_list}}tags.{{key}} = {{value}} and {{/tags.as_list}}all",
    "ctime < {{age.ago}} and expires > {{left.from_now}}",
    'name =~ "^{{prefix}}-.*"{{#owner}} and tags.owner = {{owner}}{{/owner}}',
    "is(instance) -{{type}}-> all",
    "[1, 2, 3]",
    "",
    "{{{filter}}} and a = {{b.c}}",
    "x {{{operator}}} {{y}}",
    "with(count > {{n}}, {{{steps}}} is({{kind}}))",
  ];
  for (const template of templates) {
    const before = store.names().length;
    if (template === "") {
      ok((await refusal(store.put("empty", template))).includes("it is empty"));
      continue;
    }
    await store.put(`t${before}`, template);
  }
});

Deno.test("TemplateStore.put() says why a text is no template", async () => {
  const store = await emptyStore();
  await store.put("a", "b = 1");
  await store.put("b", "expand(a) and c = 1");
  const cases: readonly [string, string, RegExp][] = [
    ["x y", "all", /a name has letters/],
    ["", "all", /a name has letters/],
    ["x", "is({{kind)", /opens a gap without a name/],
    ["x", "is({{kind}}) {{#a}}", /\{\{#a\}\} has no end, wanted \{\{\/a\}\}/],
    ["x", "{{/a}}", /ends a section that is not open/],
    ["x", "{{#a}}{{/b}}", /\{\{\/b\}\} ends a section/],
    ["x", "{{> other}}", /opens a gap without a name/],
    ["a", "expand(b)", /it expands itself \(a → b → a\)/],
    ["x", "expand(x)", /it expands itself \(x → x\)/],
    ["x", "expand(aa)", /no such template; did you mean "a"/],
    ["x", "foo bar {{a}}", /no values make a search of it: Cannot parse/],
    ["x", "is({{kind}} and", /no values make a search of it/],
    ["x", "expand(a, b=3)", /no parameter "b"/],
    ["x", "a".repeat(100_001), /at most 100000 are kept/],
  ];
  for (const [name, template, wanted] of cases) {
    const message = await refusal(store.put(name, template));
    ok(message.startsWith("template_invalid: Cannot store template"), message);
    ok(wanted.test(message), `${template}: ${message}`);
  }
  deepStrictEqual(store.names(), ["a", "b"]);
});
