import { deepStrictEqual } from "node:assert/strict";
import {
  base64,
  choice,
  constant,
  decimal,
  dictionary,
  flag,
  gibibytes,
  integer,
  joined,
  json,
  jsonObject,
  mapProperties,
  object,
  objects,
  objectsByName,
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
  Yes: "true",
  No: "false",
  Seconds: "1767323045",
  Policy: '{"Version":"2012"}',
  Broken: "{",
  Labels: { team: "web" },
  Lower: [{ key: "team", value: "web" }],
  Features: [{ Name: "coreCount", Value: "2" }],
  ById: { one: { Id: "d-1" } },
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
  ["true in text", flag("Yes"), true],
  ["false in text", flag("No"), false],
  ["a text that is no flag", flag("Name"), undefined],
  ["seconds since 1970", time("Seconds"), "2026-01-02T03:04:05Z"],
  ["texts put together", joined(["Name", "Size"], ":"), "web:8"],
  ["texts of which one is missing", joined(["Name", "Nil"], ":"), undefined],
  ["bytes", gibibytes("Big"), 8_388_608],
  ["no bytes", gibibytes("Name"), undefined],
  ["a map", dictionary("Labels"), { team: "web" }],
  [
    "pairs",
    dictionary("Features", { key: "Name", value: "Value" }),
    { coreCount: "2" },
  ],
  ["what is no map", dictionary("Name"), undefined],
  ["tags in a map", tags("Labels"), { team: "web" }],
  ["tags in lower case", tags("Lower"), { team: "web" }],
  ["a JSON", json("Policy"), { Version: "2012" }],
  ["what is no JSON", json("Broken"), "{"],
  ["what is no text", json("Spec"), { Cores: 2 }],
  [
    "an object in a JSON",
    jsonObject("Policy", valueKind("aws_p", { version: text("Version") })),
    { version: "2012" },
  ],
  ["objects by name", objectsByName("ById", disk), { one: { id: "d-1" } }],
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
