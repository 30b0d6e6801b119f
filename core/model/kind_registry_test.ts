import assert from "node:assert/strict";
import { BASE_KINDS } from "@skymap/lib/resource";
import { KindRegistry, type PluginModel } from "./kind_registry.ts";

/** A model with a few kinds; fields may be replaced. */
function model(part: Partial<PluginModel> = {}): PluginModel {
  return {
    name: "toy",
    version: "1.0.0",
    cloud: "toy",
    containers: { account: "toy_account", region: "toy_region" },
    kinds: [
      { name: "toy_account", bases: ["account"] },
      { name: "toy_region", bases: ["region"] },
      {
        name: "toy_rule",
        properties: {
          from_port: { kind: "int64" },
          ranges: { kind: "toy_range[]" },
        },
      },
      { name: "toy_range", properties: { cidr: { kind: "string" } } },
      {
        name: "toy_box",
        bases: ["instance"],
        properties: {
          rules: { kind: "toy_rule[]" },
          labels: { kind: "dictionary[string, toy_range]" },
          extra: { kind: "any" },
        },
      },
    ],
    ...part,
  };
}

function registry(part?: Partial<PluginModel>): KindRegistry {
  const kinds = new KindRegistry();
  assert.deepEqual(kinds.update(model(part)), []);
  return kinds;
}

Deno.test("KindRegistry knows every base kind", () => {
  const kinds = new KindRegistry();
  for (const { name, bases = [] } of BASE_KINDS) {
    assert.ok(kinds.has(name), name);
    for (const base of bases) assert.ok(kinds.has(base), base);
  }
  assert.deepEqual(kinds.kindsOf("database_instance_type"), [
    "database_instance_type",
    "instance_type",
    "type",
    "quota",
    "phantom_resource",
    "resource",
  ]);
});

Deno.test("concrete() gives a kind and all that descends from it", () => {
  const kinds = registry();
  assert.deepEqual(kinds.concrete("instance"), ["instance", "toy_box"]);
  assert.deepEqual(kinds.concrete("toy_box"), ["toy_box"]);
  assert.deepEqual(kinds.concrete("nothing"), []);
  assert.ok(!kinds.concrete("resource").includes("toy_rule"));
});

Deno.test("property() follows paths through values", () => {
  const kinds = registry();
  const cases: [string, string | undefined][] = [
    ["instance_cores", "double"],
    ["age", "duration"],
    ["tags.some.key", undefined],
    ["tags.owner", "string"],
    ["rules", "toy_rule[]"],
    ["rules.*", "toy_rule"],
    ["rules.from_port", "int64"],
    ["rules.*.ranges.0.cidr", "string"],
    ["labels.any.cidr", "string"],
    ["extra.a.b", "any"],
    ["rules.nothing", undefined],
    ["nothing", undefined],
  ];
  for (const [path, expected] of cases) {
    const found = kinds.property("toy_box", path.split("."));
    assert.equal(found?.kind, expected, path);
  }
});

Deno.test("propertyKinds() names each kind that declares the path", () => {
  const kinds = registry();
  const owners = kinds.propertyKinds(["instance_type"])
    .map(({ owner, property }) => `${owner}:${property.kind}`);
  assert.deepEqual(owners.sort(), [
    "database:string",
    "instance:string",
    "instance_quota:string",
    "instance_type:string",
  ]);
});

Deno.test("owners() gives the kinds that have all paths", () => {
  const owners = registry().owners([["instance_cores"], ["rules"]]);
  assert.deepEqual(owners, ["toy_box"]);
});

Deno.test("fingerprint() changes with the kind, its bases and its values", () => {
  const before = registry().fingerprint("toy_box");
  assert.equal(registry({ version: "2.0.0" }).fingerprint("toy_box"), before);
  const { kinds } = model();
  const changed = kinds.map((kind) =>
    kind.name === "toy_range"
      ? { ...kind, properties: { cidr: { kind: "any" } } }
      : kind
  );
  assert.notEqual(registry({ kinds: changed }).fingerprint("toy_box"), before);
});

Deno.test("update() keeps what the plugin declared before", () => {
  const kinds = registry();
  const fewer = model().kinds.filter(({ name }) => name !== "toy_box");
  assert.deepEqual(kinds.update(model({ kinds: fewer })), []);
  assert.ok(kinds.has("toy_box"));
  assert.equal(kinds.plugins()[0]?.kinds.length, 5);
});

Deno.test("update() refuses a kind of another plugin and names both", () => {
  const kinds = registry();
  const problems = kinds.update(model({ name: "other", cloud: "other" }));
  assert.equal(problems.length, 5);
  assert.match(problems[0]?.message ?? "", /"toy_account".*"toy".*"other"/);
  assert.equal(problems[0]?.code, "kind_conflict");
  const base = kinds.update(model({ kinds: [{ name: "volume" }] }));
  assert.match(base[0]?.message ?? "", /"volume" is declared by "skymap"/);
});

Deno.test("update() names every problem and changes nothing", () => {
  const kinds = new KindRegistry();
  const problems = kinds.update(model({
    kinds: [
      { name: "toy_account", bases: ["account"] },
      { name: "toy_region", bases: ["nowhere"] },
      { name: "toy_a", bases: ["toy_b"] },
      { name: "toy_b", bases: ["toy_a"] },
      { name: "toy_c", properties: { x: { kind: "toy_x[]" } } },
      {
        name: "toy_d",
        bases: ["volume"],
        properties: { volume_size: { kind: "string" } },
      },
    ],
  }));
  const text = problems.map(({ message }) => message).join("\n");
  for (
    const part of [
      `base "nowhere"`,
      `Kind "toy_a" is a base of itself`,
      `"toy_c.x" has values of kind "toy_x"`,
      `"toy_d.volume_size" is "string", its base "volume" declares it as "int64"`,
      `Container "region"`,
    ]
  ) assert.ok(text.includes(part), `${part} in\n${text}`);
  assert.ok(!kinds.has("toy_account"));
});

Deno.test("suggestions() finds misspelt kinds", () => {
  const kinds = registry();
  assert.equal(kinds.suggestions("instanc")[0], "instance");
  assert.equal(kinds.suggestions("volmue")[0], "volume");
  assert.deepEqual(kinds.suggestions("qqqqqqqqqqqq"), []);
});

Deno.test("update() keeps what can be done to a kind, and wants to know what is deleted before it", () => {
  const kinds = registry({
    kinds: [
      ...model().kinds,
      {
        name: "toy_net",
        bases: ["network"],
        operations: ["tag", "delete"],
        deletedAfter: ["toy_box", "toy_net"],
      },
    ],
  });
  const declared = kinds.declaration("toy_net");
  assert.deepEqual(declared?.operations, ["tag", "delete"]);
  assert.deepEqual(declared?.deletedAfter, ["toy_box", "toy_net"]);
  assert.deepEqual(
    kinds.update(model({
      kinds: [
        ...model().kinds,
        { name: "toy_net", bases: ["network"], deletedAfter: ["toy_boks"] },
      ],
    })),
    [{
      code: "kind_unknown",
      kind: "toy_net",
      message:
        'Kind "toy_net" is deleted after "toy_boks", which nobody declares',
    }],
  );
});
