import {
  deepStrictEqual,
  match,
  rejects,
  strictEqual,
} from "node:assert/strict";
import { runTestLine, testZoo, zooService } from "../_test_line.ts";

Deno.test("a line goes from a search through jq and a form into a file", async () => {
  await using zoo = await testZoo();
  const graph = zooService(zoo);
  const { files } = await runTestLine(
    "search is(zoo_cat) sort name | jq '{name, n: .int}' | format --ndjson | write cats.ndjson",
    { graph },
  );
  strictEqual(
    files.get("cats.ndjson"),
    '{"name":"Ada","n":3}\n{"name":"Bo","n":1}\n{"name":"Cy","n":2}\n',
  );
});

Deno.test("a list shows what the search is about", async () => {
  await using zoo = await testZoo();
  const graph = zooService(zoo);
  const { text } = await runTestLine(
    "search is(zoo_cat) and int > 1 sort name | list --csv",
    { graph },
  );
  strictEqual(
    text.split("\r\n")[0],
    "kind,id,name,int,age,last_update,cloud,account,region,zone",
  );
  const { text: plain } = await runTestLine("search is(zoo_cat) limit 1", {
    graph,
  });
  match(plain, /^kind=zoo_cat, id=r-a, name=Ada/);
});

Deno.test("a wrong filter keeps the whole line from running", async () => {
  await using zoo = await testZoo();
  const graph = zooService(zoo);
  const asked: string[] = [];
  const watched = {
    ...graph,
    search: (...args: Parameters<typeof graph.search>) => {
      asked.push(args[1].text);
      return graph.search(...args);
    },
  };
  await rejects(
    runTestLine("search all | count; search all | jq '.a |'", {
      graph: watched,
    }),
    { code: "usage" },
  );
  deepStrictEqual(asked, []);
});

Deno.test("rows, chunks and texts flow on", async () => {
  await using zoo = await testZoo();
  const graph = zooService(zoo);
  const cases = [
    [
      "search all | aggregate kind: sum(1) as n | sort kind | jq '.group.kind + \" \" + (.n | tostring)'",
      "zoo_cat 3\nzoo_volume 2\n",
    ],
    [
      "search is(zoo_cat) sort name | chunk 2 | jq 'map(.reported.name)'",
      '["Ada","Bo"]\n["Cy"]\n',
    ],
    [
      "search is(zoo_cat) sort name | chunk 2 | flatten | format {name}",
      "Ada\nBo\nCy\n",
    ],
    ["search all | jq .kind | uniq", "zoo_cat\nzoo_volume\n"],
    ['echo "b\\na" | jq ascii_upcase', "B\nA\n"],
    ["json [3,1] | format 'n={x}'", "n=null\nn=null\n"],
  ] as const;
  for (const [line, wanted] of cases) {
    strictEqual((await runTestLine(line, { graph })).text, wanted, line);
  }
});
