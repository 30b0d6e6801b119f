import { deepStrictEqual, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { fromStored, History, isSecret, toStored } from "./history.ts";
import { HistoryFile } from "./history_file.ts";

Deno.test("History keeps each line once, the latest last", () => {
  const history = new History(["a", "b", "a"]);
  deepStrictEqual(history.lines, ["b", "a"]);
  history.add("b");
  deepStrictEqual(history.lines, ["a", "b"]);
  for (let number = 0; number < 1200; number++) history.add(`${number}`);
  strictEqual(history.lines.length, 1000);
  strictEqual(history.lines[0], "200");
});

Deno.test("History finds lines by how they begin and by what they hold", () => {
  const history = new History(["search a", "count", "search B"]);
  strictEqual(history.before(3, "search"), 2);
  strictEqual(history.before(2, "search"), 0);
  strictEqual(history.before(0, "search"), -1);
  strictEqual(history.after(0, "search"), 2);
  strictEqual(history.after(2, "search"), -1);
  strictEqual(history.find(3, "b"), 2);
  strictEqual(history.find(2, "rch"), 0);
  strictEqual(history.find(3, "nothing"), -1);
});

Deno.test("isSecret() knows lines that nobody else may read", () => {
  const secret = [
    "search all | http --auth me:secret https://a.b",
    "http POST https://a.b Authorization: Bearer x",
    'search all | http https://a.b "Authorization:Bearer x"',
    "http --bearer abc https://a.b",
    "configs set skymap.core database.password=abc",
    'json {"api_key": "abc"}',
    "pagerduty --routing-key=abc routing_key=abc",
    "jobs add search all | slack token = abc",
  ];
  for (const line of secret) strictEqual(isSecret(line), true, line);
  const plain = [
    "search is(instance) and tags.owner = me",
    "search is(access_key) and age > 90d",
    "kinds secret",
    "search is(token) limit 3",
  ];
  for (const line of plain) strictEqual(isSecret(line), false, line);
});

Deno.test("toStored() writes any line as one, and fromStored() reads it", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (line) => {
      const stored = toStored(line);
      strictEqual(stored.includes("\n"), false);
      strictEqual(fromStored(stored), line);
    }),
  );
});

Deno.test("HistoryFile keeps lines for the next shell, for its person alone", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const path = `${folder}/skymap/shell_history`;
    const first = await HistoryFile.open(path);
    await first.add("search all |\n count");
    await first.add("http --auth a:b https://a.b");
    await first.add(" search is(volume)");
    deepStrictEqual(first.history.lines.length, 3);
    const second = await HistoryFile.open(path);
    deepStrictEqual(second.history.lines, ["search all |\n count"]);
    strictEqual(((await Deno.stat(path)).mode ?? 0) & 0o777, 0o600);
    strictEqual(
      ((await Deno.stat(`${folder}/skymap`)).mode ?? 0) & 0o777,
      0o700,
    );
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("HistoryFile is bounded, and does without a file it cannot have", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const path = `${folder}/history`;
    const lines = Array.from({ length: 2500 }, (_, number) => `line ${number}`);
    await Deno.writeTextFile(path, `${lines.join("\n")}\n`);
    await HistoryFile.open(path);
    const kept = (await Deno.readTextFile(path)).trim().split("\n");
    deepStrictEqual([kept.length, kept[0]], [1000, "line 1500"]);
    const none = await HistoryFile.open(`${path}/below/a/file`);
    await none.add("search all");
    deepStrictEqual(none.history.lines, ["search all"]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
