import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { completionWorld } from "./_completion_world.ts";

const ZONE = ["/ancestors.zone.reported.name", "/ancestors.zone.reported.id"];
const ANCESTORS = ["cloud", "account", "region", "zone"].flatMap((container) =>
  ["name", "id"].map((key) => `/ancestors.${container}.reported.${key}`)
);
const CHANGES = ["node", "edge"].flatMap((what) =>
  ["created", "updated", "deleted"].map((change) => `${what}_${change}`)
);

Deno.test("completeLine() knows what stands where", async () => {
  await using world = await completionWorld();
  const cases: readonly [string, readonly string[]][] = [
    ["se", ["search"]],
    ["", ["search", "snapshots", "jobs", "history", "query"]],
    ["search all; ", ["search", "snapshots", "jobs", "history", "query"]],
    ["search all | ", ["list", "aggregate", "sort", "uniq", "format"]],
    ["search all | li", ["list"]],
    ["section=desired se", ["search"]],
    ["graph=", ["main", "prod"]],
    ["section=desired graph=p", ["prod"]],
    ["search 'a | b' | un", ["uniq"]],
    ["snapshots ", ["list", "delete"]],
    ["snapshots delete ", ["first", '"before it"']],
    ["snapshots delete --series ", ["disks"]],
    ["snapshots nope ", []],
    ["search --a", ["--at"]],
    ["search --at ", ["first", '"before it"', "1h", "1d", "7d", "30d"]],
    ["search --at=f", ["first"]],
    ["search --at 1d --", ["--with-edges"]],
    ["format --as y", ["yaml"]],
    ["search all | format --as ", ["json", "yaml"]],
    ["search all | format zoo_cat zoo_vol", ["zoo_volume"]],
    ["search is(zoo_ca", ["zoo_cat"]],
    ["query is(volu", ["volume", "volume_type"]],
    ["search is(_vol", ["zoo_volume"]],
    ["search is(zoo_cat) and tags.ow", ["tags.owner"]],
    ["search is(zoo_cat) and tags.owner = ", ["me"]],
    ["search tags.owner = ", ["me", "you"]],
    ["search tags.owner = y", ["you"]],
    ["search str = ", ['"big x"', "small"]],
    ['search str = "big', ['"big x"']],
    ["search is(zoo_cat) so", ["sort"]],
    ["search is(zoo_cat) <", ["<--", "<-->"]],
    ["search tags.owner =", ["==", "=~"]],
    ["search tags.owner ==", ["me", "you"]],
    ["search tags.owner == ", ["me", "you"]],
    ["search is(zoo_cat) and and ", []],
    ["search expand(o", ["old"]],
    ["search all | list kind, tags.ow", ["tags.owner"]],
    ["search all | list kind a", ["as"]],
    ["search all | list kind as n", []],
    ["search all | list /ancestors.zone.", ZONE],
    ["search all | sort kind a", ["asc"]],
    ["search is(zoo_cat) and tags.", ["tags.owner"]],
    ["search tags.owner = me and (not /met", ["/metadata"]],
    ["search all and /", ["/reported", "/desired", "/metadata", ...ANCESTORS]],
    ["search /ancestors.zone.", ZONE],
    ["search age > ", ["1h", "1d", "7d", "30d"]],
    ["search age > 7", ["7d"]],
    ["search tags.owner in [", ["me", "you"]],
    ['search tags.owner not in [me, "a, b", y', ["you"]],
    ['search tags.owner in [me, "y', ['"you"']],
    ["search 'tags.owner = y", ["you"]],
    ['search "is(zoo', []],
    ['search "', []],
    ["section=d", ["desired"]],
    ["history --change ", CHANGES],
    ["history --change node_created,edge_c", ["edge_created"]],
    ["snapshots delete 'fi", ["'first'"]],
    ["snapshots delete b", ['"before it"']],
    ['snapshots delete "before', ['"before it"']],
    ["search all | aggregate tags.ow", ["tags.owner"]],
    ["search all | aggregate kind: su", ["sum"]],
    ["jobs add -e pre", ["pre_collect"]],
    [
      "jobs add --wait-for-event=c",
      ["collect", "collect:end", "collect:done", "collect:failed"],
    ],
    ["jobs add --wait-for-event=d", ["deployed"]],
    ["jobs add --wait-for-event=job:nightly:e", ["job:nightly:end"]],
    ["jobs add search is(zoo_ca", ["zoo_cat"]],
    ["jobs add 'search is(zoo_ca", ["zoo_cat"]],
    ["jobs run ", ["nightly"]],
    ["jobs show w", ["skymap.worker"]],
    ["search all | uniq ", []],
    ["nonsense ", []],
  ];
  for (const [line, wanted] of cases) {
    const found = await world.texts(line);
    deepStrictEqual(found, wanted, line);
  }
});

Deno.test("completeLine() says which text a suggestion replaces", async () => {
  await using world = await completionWorld();
  const cases: readonly [string, string][] = [
    ["se^arch all", "search"],
    ["search is(zoo_ca^", "zoo_ca"],
    ["search is(zoo_ca^) limit 3", "zoo_ca"],
    ["search tags.ow^ = me", "tags.ow"],
    ['search str = "big^', '"big'],
    ["search all | list kind, tags.ow^", "tags.ow"],
    ["search all | aggregate kind: su^", "su"],
    ["jobs add 'search is(zoo_ca^", "zoo_ca"],
    ["search --at=f^", "f"],
    ["graph=p^", "p"],
    ["snapshots delete ^", ""],
    ["search ta^gs.owner = 1", "tags"],
    ["search tags.ow^ner = 1", "tags.owner"],
    ["search ^and tags.owner = 1", ""],
    ['search str = "big^ x" and a = "b"', '"big x"'],
    ['search str = "big^-cat" and a = "b"', '"big-cat"'],
    ['search str = "big^ and a = "b"', '"big'],
    ["snapshots delete 'fi^rst'", "'first'"],
    ["search tags.owner in [me, y^o]", "yo"],
    ["jobs load 'da^ta'", "'data'"],
  ];
  for (const [line, wanted] of cases) {
    const { start, end } = await world.complete(line);
    strictEqual(line.replace("^", "").slice(start, end), wanted, line);
  }
});

Deno.test("completeLine() tells counts, kinds and what is a file", async () => {
  await using world = await completionWorld();
  const { suggestions } = await world.complete("search tags.owner = m");
  deepStrictEqual(suggestions, [
    { type: "value", text: "me", help: "2 resources" },
  ]);
  deepStrictEqual((await world.complete("jobs load da")).is_file, true);
  const { suggestions: [verb] } = await world.complete("snapshots de");
  deepStrictEqual(verb, {
    type: "verb",
    text: "delete",
    help: "what delete does",
  });
});

Deno.test("completeLine() gives what it has when its time is over", async () => {
  await using world = await completionWorld();
  const found = await world.complete("search sor", {
    signal: AbortSignal.abort(),
  });
  deepStrictEqual(found.suggestions.map(({ text }) => text), ["sort"]);
  const none = await world.complete("search tags.owner = ", {
    signal: AbortSignal.abort(),
  });
  deepStrictEqual(none.suggestions, []);
});

Deno.test("completeLine() never fails, whatever is typed", async () => {
  await using world = await completionWorld();
  const pieces = fc.constantFrom(
    ..."search jobs add is( ) | ; ' \" \\ ` --at = tags.owner , [ ] {{ -{ --> <-[ 3 expand( sort graph= @"
      .split(" "),
    " ",
    "",
    "\n",
    "\u{1F600}",
  );
  await fc.assert(
    fc.asyncProperty(
      fc.array(pieces, { maxLength: 12 }),
      fc.nat(40),
      async (parts, offset) => {
        const line = parts.join(" ");
        const at = Math.min(offset, line.length);
        const text = `${line.slice(0, at)}^${line.slice(at)}`;
        const { start, end } = await world.complete(text);
        ok(0 <= start && start <= at && at <= end, text);
      },
    ),
    { numRuns: 60 },
  );
});
