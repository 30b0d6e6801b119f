import {
  deepStrictEqual,
  match,
  rejects,
  strictEqual,
} from "node:assert/strict";
import { isSkymapError } from "@skymap/lib/errors";
import { runTestLine, testZoo, zooService } from "./_test_line.ts";

Deno.test("the variable format gives a form to what no command formats", async () => {
  await using zoo = await testZoo();
  const graph = zooService(zoo);
  const as = async (format: string, line = "search is(zoo_cat) limit 1") =>
    (await runTestLine(line, { graph, environment: { format } })).text;
  const list = await runTestLine("search is(zoo_cat) limit 1", { graph });
  match(list.text, /^kind=zoo_cat, id=/);
  strictEqual(JSON.parse(await as("ndjson")).reported.kind, "zoo_cat");
  strictEqual(JSON.parse(await as("json")).length, 1);
  match(await as("csv"), /^kind,id,[^]*\nzoo_cat,/);
  match(await as("yaml"), /kind: 'zoo_cat'/);
  // Drawings have edges, which no one asked for by name.
  match(await as("dot", 'search name = "Ada" -[0:1]->'), /" -> "/);
  // A command's own form counts more, and texts have one.
  match(await as("json", "search is(zoo_cat) | list name"), /^name=Ada$/m);
  strictEqual(await as("json", "echo one"), "one\n");
  match(await as("csv", "search all | count"), /total matched: 5/);
});

Deno.test("the variable format knows its forms, and goes with the file", async () => {
  await using zoo = await testZoo();
  const graph = zooService(zoo);
  await rejects(
    runTestLine("search all", { graph, environment: { format: "xml" } }),
    (error) => isSkymapError(error, "usage"),
  );
  const { files } = await runTestLine(
    "format=ndjson search is(zoo_cat) | write cats.ndjson",
    { graph },
  );
  const lines = files.get("cats.ndjson")?.trim().split("\n") ?? [];
  deepStrictEqual(
    lines.map((line) => JSON.parse(line).reported.name),
    ["Ada", "Bo", "Cy"],
  );
});
