import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import { openTestDatabase } from "../../db/test_database.ts";
import { TemplateStore } from "../../search/template_store.ts";
import { SearchContext } from "../../search/search_context.ts";
import { zooRegistry } from "../../search/_random_graph.ts";
import { runTestLine, TEST_NOW_MS } from "../_test_line.ts";

Deno.test("templates are stored, shown, tried, changed and removed", async () => {
  const { db } = await openTestDatabase();
  const templates = await TemplateStore.open({
    db: db.system,
    nowMs: () => TEST_NOW_MS,
  });
  const context = new SearchContext({ registry: zooRegistry(), templates });
  const graph = { expand: context.expand.bind(context) };
  const run = async (line: string) => {
    const { text } = await runTestLine(line, {
      graph,
      services: { templates },
    });
    return text;
  };
  strictEqual(await run("templates"), "");
  strictEqual(
    await run('templates add old is(volume) and mtime < "@TODAY@"'),
    'name=old, template=is(volume) and mtime < "@TODAY@"\n',
  );
  await run("templates add big volume_size > {{size}}");
  strictEqual(
    await run("templates test expand(old) and expand(big, size=3)"),
    'is(volume) and mtime < "2026-01-10" and volume_size > 3\n',
  );
  await rejects(run("templates add big all"), { code: "conflict" });
  await rejects(run("templates update bigg all"), { code: "template_unknown" });
  await rejects(run("templates test expand(bigg)"), {
    message: /column 16: .*\n {2}templates test expand\(bigg\)\n {17}\^/,
  });
  await run("templates update big volume_size >= {{size}}");
  strictEqual(
    await run("template big"),
    "name=big, template=volume_size >= {{size}}\n",
  );
  strictEqual(await run("templates delete old"), "");
  deepStrictEqual(templates.names(), ["big"]);
});
