import { deepStrictEqual } from "node:assert/strict";
import {
  base64,
  choice,
  constant,
  decimal,
  flag,
  integer,
  mapProperties,
  object,
  objects,
  present,
  type Property,
  tags,
  text,
  texts,
  time,
  valueKind,
} from "./property.ts";

const ITEM = {
  Name: "web",
  Blank: "",
  Size: 8,
  Memory: 1536,
  Big: 9_007_199_254_740_991n,
  On: false,
  Since: new Date("2026-01-02T03:04:05Z"),
  Precise: new Date("2026-01-02T03:04:05.678Z"),
  Created: "2026-01-02T03:04:05.000Z",
  State: "shutting-down",
  Data: btoa("#!/bin/sh\n"),
  Disks: [{ Id: "d-1" }, { Id: "d-2" }],
  None: [],
  Spec: { Cores: 2 },
  Tags: [{ Key: "Name", Value: "web" }, { Key: "__proto__", Value: "x" }],
};

const disk = valueKind("aws_disk", { id: text("Id") });

const CASES: readonly [string, Property, unknown][] = [
  ["a text", text("Name"), "web"],
  ["a text that is empty", text("Blank"), ""],
  ["a fallback for an empty text", text("Blank", "Name"), "web"],
  ["a fallback for none", text("Missing", "Name"), "web"],
  ["nothing", text("Missing"), undefined],
  ["a whole number", integer("Size"), 8],
  ["a large number", integer("Big"), 9_007_199_254_740_991],
  ["what is no number", integer("Name"), undefined],
  ["a share of a number", decimal("Memory", { per: 1024 }), 1.5],
  ["false", flag("On"), false],
  ["a time", time("Since"), "2026-01-02T03:04:05Z"],
  ["a precise time", time("Precise"), "2026-01-02T03:04:05.678Z"],
  ["a time in text", time("Created"), "2026-01-02T03:04:05Z"],
  ["what is no time", time("Name"), undefined],
  ["a choice", choice("s", "State", { "shutting-down": "busy" }, "x"), "busy"],
  [
    "another choice",
    choice("s", "Name", { off: "stopped" }, "unknown"),
    "unknown",
  ],
  ["a choice as it is in no table", choice("s", "Missing", {}, "x"), undefined],
  ["base64", base64("Data"), "#!/bin/sh\n"],
  ["what is no base64", base64("Name"), "\uFFFD\uFFFD"],
  ["texts", texts("Disks[*].Id"), ["d-1", "d-2"]],
  ["no texts", texts("None[*].Id"), []],
  ["texts without a list", texts("Missing[*].Id"), undefined],
  ["something", present("Disks[*]"), true],
  ["that there is nothing", present("Missing"), false],
  ["a constant", constant("ipv4"), "ipv4"],
  ["an object", object("Spec", valueKind("s", { cores: integer("Cores") })), {
    cores: 2,
  }],
  ["objects", objects("Disks", disk), [{ id: "d-1" }, { id: "d-2" }]],
  ["no objects", objects("None", disk), []],
];

for (const [what, property, value] of CASES) {
  Deno.test(`mapProperties() reads ${what}`, () => {
    deepStrictEqual(
      mapProperties({ it: property }, ITEM),
      value === undefined ? {} : { it: value },
    );
  });
}

Deno.test("mapProperties() reads tags, whatever their keys", () => {
  const { it } = mapProperties({ it: tags("Tags") }, ITEM);
  deepStrictEqual(Object.entries(it as object), [
    ["Name", "web"],
    ["__proto__", "x"],
  ]);
});
