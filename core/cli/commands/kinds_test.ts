import { match, rejects, strictEqual } from "node:assert/strict";
import { runTestLine, testZoo, zooService } from "../_test_line.ts";

Deno.test("kinds lists what the graph has, and counts it", async () => {
  await using zoo = await testZoo();
  const graph = zooService(zoo);
  const { text, notes } = await runTestLine("kinds", { graph });
  strictEqual(
    text.split("\n").slice(1, 4).join("\n"),
    'name=volume, nodes=2, bases=["resource"], categories=["storage"]\n' +
      'name=zoo_animal, nodes=3, bases=["resource"]\n' +
      'name=zoo_cat, nodes=3, bases=["zoo_animal"]',
  );
  match(JSON.stringify(notes), /\d+ kinds have no nodes/);
  const all = await runTestLine("kinds -a | count", { graph });
  strictEqual(
    all.text.split("\n")[0],
    `total matched: ${zoo.registry.all().length}`,
  );
});

Deno.test("kinds NAME shows the properties of a kind and its bases", async () => {
  await using zoo = await testZoo();
  const graph = zooService(zoo);
  const { text } = await runTestLine("kinds zoo_cat", { graph });
  match(text, /^name=zoo_cat, bases=\["zoo_animal"\]\n/);
  match(text, /^property=int, kind=int64, from=zoo_animal$/m);
  match(text, /^property=id, kind=string, required=true, from=resource/m);
  const { text: own } = await runTestLine("kind zoo_state", { graph });
  strictEqual(own, 'name=zoo_state, values=["up","down","gone"]\n');
});

Deno.test("kinds NAME says what can be done to a kind, and what is deleted before it", async () => {
  await using zoo = await testZoo();
  const network = {
    name: "zoo_cage",
    operations: ["tag", "delete"] as const,
    deletedAfter: ["zoo_cat"],
  };
  const graph = { ...zooService(zoo), kinds: () => [network] };
  const { text } = await runTestLine("kinds zoo_cage", { graph });
  strictEqual(
    text,
    'name=zoo_cage, operations=["tag","delete"], deleted_after=["zoo_cat"]\n',
  );
});

Deno.test("kinds --property tells which kinds declare it", async () => {
  await using zoo = await testZoo();
  const graph = zooService(zoo);
  const cases = [
    ["kinds -p parts.y", "name=zoo_animal, property=parts.y, kind=string\n"],
    [
      "kinds -p parts[*].inner[0].z",
      "name=zoo_animal, property=parts.inner.z, kind=int64\n",
    ],
    [
      "kinds --property tags.owner resource",
      "name=resource, property=tags.owner, kind=string\n",
    ],
  ] as const;
  for (const [line, wanted] of cases) {
    const { text } = await runTestLine(line, { graph });
    strictEqual(text, wanted, line);
  }
});

Deno.test("kinds refuses what there is not, and guesses", async () => {
  await using zoo = await testZoo();
  const graph = zooService(zoo);
  await rejects(runTestLine("kinds zoo_catt", { graph }), {
    code: "kind_unknown",
    message: /did you mean "zoo_cat"\?/,
  });
  await rejects(runTestLine("kinds -p nope", { graph }), {
    code: "query_invalid",
  });
  await rejects(runTestLine("kinds -p a..b", { graph }), { code: "usage" });
});
