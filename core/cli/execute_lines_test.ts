import { match, strictEqual } from "node:assert/strict";
import { runTestLine, testZoo, zooService } from "./_test_line.ts";

Deno.test("a line is searched, listed and told about", async () => {
  await using zoo = await testZoo();
  const graph = zooService(zoo);
  const { text, notes } = await runTestLine(
    "no_rewrite=true search is(zoo_cat) | sort int desc | head 2",
    { graph },
  );
  match(text, /^\{.*"name":"Ada".*\}\n\{.*"name":"Cy".*\}\n$/);
  strictEqual(notes.length, 1);
});
