import { deepStrictEqual } from "node:assert/strict";
import type { JsonObject } from "@skymap/lib/plugin";
import {
  flag,
  integer,
  object,
  objects,
  tags,
  text,
  texts,
  time,
  valueKind,
  volatile,
} from "../property.ts";
import { differingPaths } from "./differing_paths.ts";

const PART = valueKind("part", {
  name: text("Name"),
  seen: volatile(time("Seen")),
  ports: objects("Ports", valueKind("port", { from: integer("From") })),
});

const PROPERTIES = {
  tags: tags("Tags"),
  name: text("Name"),
  size: integer("Size"),
  born: time("Born"),
  used: volatile(time("Used")),
  part: object("Part", PART),
  parts: objects("Parts", PART),
  words: texts("Words"),
};

const BEFORE: JsonObject = {
  kind: "x",
  id: "1",
  tags: { a: "1", b: "2" },
  name: "n\ufffd",
  size: 3,
  born: "2026-01-01T00:00:00Z",
  used: "2026-01-01T00:00:00Z",
  part: { name: "p", seen: "2026-01-01T00:00:00Z" },
  parts: [{ name: "q", ports: [{ from: 1 }, { from: 2 }] }, { name: "r" }],
  words: ["a", "b"],
};

Deno.test("differingPaths() names what is not as before, and only that", () => {
  const cases: readonly (readonly [string, JsonObject, readonly string[]])[] = [
    ["nothing", {}, []],
    ["volatile ones", { used: "x", part: { name: "p", seen: "x" } }, []],
    ["the order of lists", {
      words: ["b", "a"],
      parts: [{ name: "r" }, { ports: [{ from: 2 }, { from: 1 }], name: "q" }],
    }, []],
    ["what the graph cannot keep", {
      name: "n\0",
      born: "2026-01-01T00:00:00.123Z",
    }, []],
    ["null for none", { part: { name: "p", ports: null } }, []],
    ["a value", { size: 4, name: "m" }, ["name", "size"]],
    ["a time", { born: "2026-01-01T00:00:01Z" }, ["born"]],
    ["tags", { tags: { a: "1", c: "3" } }, ["tags.b", "tags.c"]],
    ["no tags", { tags: null }, ["tags"]],
    ["a value inside", { part: { name: "o" } }, ["part.name"]],
    ["a list", { words: ["a"] }, ["words"]],
    ["a longer list", { words: ["a", "b", "b"] }, ["words"]],
    ["a list inside", {
      parts: [{ name: "q", ports: [{ from: 1 }] }, { name: "r" }],
    }, ["parts"]],
  ];
  for (const [name, now, paths] of cases) {
    const found = differingPaths(PROPERTIES, BEFORE, { ...BEFORE, ...now });
    deepStrictEqual(found, paths, name);
  }
});

Deno.test("differingPaths() lets lists have less where that is meant", () => {
  const cases: readonly (readonly [string, JsonObject, readonly string[]])[] = [
    ["a shorter list", { words: ["b"] }, []],
    ["an empty one", { words: [] }, []],
    ["none", { words: null }, []],
    ["less inside", { parts: [{ name: "q", ports: [{ from: 2 }] }] }, []],
    ["more", { words: ["a", "b", "c"] }, ["words"]],
    ["something else", { parts: [{ name: "s" }] }, ["parts"]],
    ["no value", { size: null }, ["size"]],
    ["fewer tags", { tags: { a: "1" } }, ["tags.b"]],
  ];
  for (const [name, now, paths] of cases) {
    const found = differingPaths(PROPERTIES, BEFORE, { ...BEFORE, ...now }, {
      mayHaveLess: true,
    });
    deepStrictEqual(found, paths, name);
  }
});

Deno.test("differingPaths() lets properties follow what is deleted before", () => {
  const cases: readonly (readonly [string, JsonObject, readonly string[]])[] = [
    ["a shorter list", { words: ["b"] }, []],
    ["nothing", { words: null }, []],
    ["more", { words: ["a", "b", "c"] }, ["words"]],
    ["anything", { parts: [{ name: "s" }] }, []],
    ["another property", { size: null }, ["size"]],
  ];
  for (const [name, now, paths] of cases) {
    const found = differingPaths(PROPERTIES, BEFORE, { ...BEFORE, ...now }, {
      follows: { words: "less", parts: "any" },
    });
    deepStrictEqual(found, paths, name);
  }
});

Deno.test("differingPaths() lets what follows lose its text or object", () => {
  const before = { size: 1, tags: { a: "1" } };
  const follows = { size: "less", tags: "less" } as const;
  deepStrictEqual(differingPaths(PROPERTIES, before, {}, { follows }), []);
  deepStrictEqual(
    differingPaths(PROPERTIES, before, { size: 2 }, { follows }),
    ["size"],
  );
});

Deno.test("differingPaths() lets a part of a property follow, and what is on be off", () => {
  const properties = {
    config: object(
      "Config",
      valueKind("config", { enabled: flag("Enabled"), root: text("Root") }),
    ),
  };
  const before = { config: { enabled: true, root: "/" } };
  const follows = { "config.enabled": "less" } as const;
  const differ = (from: JsonObject, to: JsonObject) =>
    differingPaths(properties, from, to, { follows });
  const off = { config: { enabled: false, root: "/" } };
  deepStrictEqual(differ(before, off), []);
  deepStrictEqual(differ(off, before), ["config.enabled"]);
  deepStrictEqual(
    differ(before, { config: { enabled: false, root: "/x" } }),
    ["config.root"],
  );
});
