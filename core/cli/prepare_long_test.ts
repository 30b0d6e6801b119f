import { ok } from "node:assert/strict";
import { testCommandLine, testZoo, zooService } from "./_test_line.ts";

const CALLER = { subject: "test", role: "operator" } as const;

/** As long as a request may be. */
const MAX_CHARS = 100_000;

/** What a reader that tries again and again would hang at. */
const BURDENS: readonly (readonly [string, string])[] = [
  ["json 1 | list ", "`a`"],
  ["json 1 | list ", '"'],
  ["json 1 | list ", "a as "],
  ["json 1 | format ", "{a"],
  ["json 1 | format ", "{"],
  ["json 1 | http GET https://example.com ", "a:b "],
  ["json 1 | jq .", "[."],
  ["json 1 | chunk ", "1 "],
  ["search all | set_desired ", "a=b "],
  ["search all | set_desired ", "a.`b`"],
  ["search all | clean ", "'"],
  ["search all | sort ", "name,"],
  ["search all | limit ", "1 ,"],
  ["search all | aggregate ", "name,"],
  ["search ", "a."],
  ["search ", "not "],
  ["search ", '"\\'],
  ["search ", "`"],
  ["search a in [", '"b",'],
  ["search ", "<-[0:1]- "],
  ["search ", "@TODAY"],
  ["search ", "expand("],
  ["history --after ", "1d"],
  ["sleep ", "1d1"],
  ["echo ", " "],
  ["echo ", "'\\"],
  ["echo ", '"a\\\\'],
  ["jobs add --schedule ", "1-"],
  ["templates test ", "{{a"],
  ["", "graph=main "],
  ["", "a="],
  ["", "echo;"],
];

Deno.test("a line is understood or refused at once, however long", async () => {
  await using zoo = await testZoo();
  const line = testCommandLine({ graph: zooService(zoo) });
  for (const [begin, piece] of BURDENS) {
    const count = Math.floor((MAX_CHARS - begin.length - 2) / piece.length);
    for (const end of ["", " x"]) {
      const text = begin + piece.repeat(count) + end;
      const start = performance.now();
      await line.prepare(text, { caller: CALLER }).catch(() => undefined);
      const ms = performance.now() - start;
      ok(ms < 4_000, `${begin}${piece}… took ${Math.round(ms)} ms`);
    }
  }
});
