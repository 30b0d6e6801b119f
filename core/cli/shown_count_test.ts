import { deepStrictEqual, match } from "node:assert/strict";
import {
  runTestLine,
  type TestLineOptions,
  testZoo,
  zooService,
} from "./_test_line.ts";

async function counted(
  line: string,
  options: TestLineOptions,
): Promise<readonly (number | undefined)[]> {
  const { notes } = await runTestLine(line, options);
  return notes.flatMap((note) =>
    note.type === "coverage" ? [note.shown, note.total] : []
  );
}

Deno.test("a note tells how many elements were shown, or nothing of it", async () => {
  await using zoo = await testZoo();
  const options = { graph: zooService(zoo) };
  const cases: readonly (readonly [string, number | undefined])[] = [
    ["search all", 5],
    ["search all | head 0", 0],
    ["search all | list name | write x.txt", 5],
    ["search all | aggregate kind: sum(1) as n | head 1", 1],
    ["search all | chunk 2", 3],
    ["search all | chunk 2 | head 1 | format --json", 1],
    ["search all | chunk 2 | flatten | tail 4", 4],
    ["search all | uniq | head 2 | dump", 2],
    ["search all | aggregate kind: sum(1) as n | list --csv", 2],
    ["search all | list --csv | head 2", undefined],
    ["search all | list name | count", undefined],
    ["search all | count", undefined],
    ["search all | chunk 2 | count", undefined],
    ["search all | count kind | head 1", undefined],
  ];
  for (const [line, shown] of cases) {
    deepStrictEqual(await counted(line, options), [shown, undefined], line);
  }
});

Deno.test("what was shown is told beside all there is only if both are nodes", async () => {
  await using zoo = await testZoo();
  const options = { graph: zooService(zoo) };
  const cases: readonly (readonly [string, number | undefined])[] = [
    ["search --count all limit 2", 2],
    ["search --count all limit 4 | uniq | head 1", 1],
    ["search --count all limit 4 | chunk 2", undefined],
    ["search --count --with-edges all limit 4", undefined],
  ];
  for (const [line, shown] of cases) {
    deepStrictEqual(await counted(line, options), [shown, 5], line);
  }
});

Deno.test("a line that has nothing to show says so", async () => {
  const services = { jobs: { list: () => [] } } as unknown as NonNullable<
    TestLineOptions["services"]
  >;
  const texts = async (line: string) =>
    (await runTestLine(line, { services })).notes
      .map((note) => note.type === "message" && note.text);
  deepStrictEqual(await texts("jobs list"), [
    '"jobs list" has nothing to show',
  ]);
  deepStrictEqual(await texts("json [1, 2] | head 0"), [
    "Nothing is left to show",
  ]);
  deepStrictEqual(await texts("json [1, 2] | head 1"), []);
  match((await runTestLine("json [1] | count")).text, /matched: 1/);
});
