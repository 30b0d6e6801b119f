import { deepStrictEqual, rejects } from "node:assert/strict";
import { memoryIndex } from "../index/_memory_index.ts";
import { IndexReader } from "../index/reader.ts";
import { zooRegistry } from "./_random_search.ts";
import { Searcher } from "./searcher.ts";

Deno.test("a search with placeholders and templates is answered, and counted", async () => {
  const registry = zooRegistry();
  await using index = await memoryIndex();
  await index.add({
    nodes: [["a", 1, "2026-01-09"], ["b", 5, "2026-01-09"], [
      "c",
      5,
      "2026-01-11",
    ]].map(([id, num, day]) => ({
      id: String(id),
      kinds: registry.kindsOf("zoo_animal"),
      reported: {
        kind: "zoo_animal",
        id: `r-${id}`,
        num: num ?? null,
        when: `${day}T00:00:00Z`,
        str: `seen on ${day}`,
      },
      cloud: "zoo",
      account: "dev",
      region: "eu",
    })),
  });
  await using reader = new IndexReader(index);
  const texts: Readonly<Record<string, string>> = {
    large:
      "is({{kind}}) and num > {{least}}{{#before}} and when < {{before}}{{/before}}",
    seen:
      'expand(large, kind={{kind}}, least=1) and str = "seen on @YESTERDAY@"',
  };
  const searcher = new Searcher({
    reader,
    registry,
    nowMs: () => Date.UTC(2026, 0, 10, 12),
    templates: { text: (name) => texts[name], names: () => Object.keys(texts) },
  });
  const ids = async (text: string) =>
    (await Array.fromAsync(searcher.list(text))).map(({ id }) => id).sort();
  deepStrictEqual(await ids("expand(large, kind=zoo_animal, least=1)"), [
    "b",
    "c",
  ]);
  deepStrictEqual(
    await ids("expand(large, kind=zoo_animal, least=0, before=@NOW@)"),
    ["a", "b"],
  );
  deepStrictEqual(await ids("expand(seen, kind=zoo_animal)"), ["b"]);
  deepStrictEqual(await ids("when > @now@"), ["c"]);
  deepStrictEqual(await searcher.count("expand(seen, kind=resource)"), 1);
  await rejects(
    ids("all and expand(large, kind=zoo_anmal, least=1)"),
    /column 9: .*"zoo_anmal"; did you mean "zoo_animal"\?\n {2}all and expand\(large, kind=zoo_anmal, least=1\)\n {10}\^\nwhich stands for\n {2}all and is\(zoo_anmal\) and num > 1\n {13}\^$/,
  );
});
