/**
 * What must hold for the kinds of a service, against moto:
 *
 * ```ts
 * export const RDS_SUITE: KindsSuite = {
 *   module: "rds", // tests/helpers/moto/services/rds.py: seed() and found()
 *   resources: RDS_RESOURCES,
 *   unset: { // kind, property ("a", "a.b", "a.*" for all below): why not
 *     aws_rds_instance: { rds_x: "moto does not give it" },
 *   },
 *   unlinked: { // kind, other kind of an edge: why none was found
 *     aws_rds_instance: { aws_kms_key: "moto makes no keys by itself" },
 *   },
 *   notInMoto: { aws_rds_x: "moto has no DescribeX" }, // kind: why not
 * };
 * ```
 *
 * It is the whole file beside the imports, and `kinds_test.ts` names it. Kinds of other services that the
 * edges lead to are collected as well, so `seed` makes them with boto3. A kind
 * with `place: "global"` is found in region "us-east-1" by boto3.
 *
 * @module
 */

import { deepStrictEqual, ok } from "node:assert/strict";
import type { JsonObject } from "@skymap/lib/json";
import type { PluginDefinition } from "@skymap/lib/plugin";
import { collectedFaults, CollectedScopes } from "@skymap/lib/plugin_host";
import { listAccounts } from "../../../plugins/aws/accounts.ts";
import { collectAccount } from "../../../plugins/aws/collect_account.ts";
import {
  type ResourceDeclaration,
  sourceOf,
} from "../../../plugins/aws/declaration.ts";
import {
  ACCOUNT_KIND,
  kindsOf,
  REGION_KIND,
} from "../../../plugins/aws/kinds.ts";
import type { Properties } from "../../../plugins/aws/property.ts";
import { RESOURCES } from "../../../plugins/aws/resources/mod.ts";
import { type AwsConfig, readConfig } from "../../../plugins/aws/settings.ts";
import { type CollectedGraph, collectHere } from "./collected_graph.ts";
import { keyOf } from "./estate_graph.ts";
import {
  estateConfig,
  type KindsFound,
  MotoServer,
  motoTest,
  setUpMoto,
} from "./moto_server.ts";
import { workEach } from "./work_suite.ts";

/** Regions that modules of `services/` seed. */
export const KINDS_REGIONS: readonly string[] = ["eu-west-1", "us-east-1"];

/** Kinds that moto cannot list, and that many others have edges with. */
const NEVER_IN_MOTO: ReadonlySet<string> = new Set(["aws_service_quota"]);

type Reasons = Readonly<Record<string, string>>;

/** The kinds of a service, and what moto cannot show of them. */
export interface KindsSuite {
  /** Module of `services/` that seeds and lists them. */
  readonly module: string;
  /** The kinds. */
  readonly resources: readonly ResourceDeclaration[];
  /** By kind and property, why it is never set. Default: every one is. */
  readonly unset?: Readonly<Record<string, Reasons>>;
  /** By kind and other kind, why no edge is found. Default: each one is. */
  readonly unlinked?: Readonly<Record<string, Reasons>>;
  /** By kind, why moto cannot list it. Default: it can list all. */
  readonly notInMoto?: Reasons;
  /** By kind, why moto cannot change its tags. Default: it can, for each. */
  readonly notTagged?: Reasons;
  /** By kind, why moto cannot delete any. Default: it can, for each. */
  readonly notDeleted?: Reasons;
  /** By kind, why some of it goes when others are deleted. Default: none does. */
  readonly goesAlong?: Reasons;
}

/** The plugin with some of its kinds alone. */
export function pluginOf(
  resources: readonly ResourceDeclaration[],
): PluginDefinition<AwsConfig> {
  return {
    name: "aws",
    version: "0.0.0",
    description: "Some kinds of AWS",
    containers: { account: ACCOUNT_KIND, region: REGION_KIND },
    kinds: kindsOf(resources),
    config: { parse: readConfig },
    permissions: {},
    accounts: (context) =>
      listAccounts(context, {
        env: () => undefined,
        readHome: () => Promise.resolve(""),
      }),
    collect: (context) => collectAccount(context, resources),
  };
}

/** Kinds that these name in edges, and all that they are listed by. */
export function withNeighbours(
  resources: readonly ResourceDeclaration[],
): ResourceDeclaration[] {
  const named = resources.flatMap(({ edges = [] }) =>
    edges.map((edge) =>
      "predecessor" in edge ? edge.predecessor : edge.successor
    )
  );
  const all = new Set(resources);
  const wanted = new Set(named);
  for (;;) {
    const before = all.size;
    for (const each of RESOURCES) {
      if (wanted.has(each.kind)) all.add(each);
    }
    for (const { list } of all) {
      const source = sourceOf(list);
      if (source !== undefined) wanted.add(source.kind);
    }
    // Kinds that nobody declares are told by the checker of declarations.
    if (all.size === before) return [...all];
  }
}

/** What a resource says, as the key of `found` and tags. */
function tagsOf(found: KindsFound, global: ReadonlySet<string>) {
  const tags = new Map<string, JsonObject | null>();
  for (const [account, regions] of Object.entries(found)) {
    for (const [region, kinds] of Object.entries(regions)) {
      for (const [kind, ids] of Object.entries(kinds)) {
        const at = global.has(kind) ? "" : region;
        for (const [id, each] of Object.entries(ids)) {
          tags.set(keyOf(account, at, kind, id), each);
        }
      }
    }
  }
  return tags;
}

const kindIn = (key: string) => key.split(" ")[2] ?? "";

/** Paths of the properties that are set nowhere, outer ones first. */
function unsetIn(
  properties: Properties,
  values: readonly JsonObject[],
  prefix = "",
): { readonly unset: string[]; readonly set: string[] } {
  const unset: string[] = [];
  const set: string[] = [];
  for (const [name, property] of Object.entries(properties)) {
    const given = values.flatMap((value) => value[name] ?? []).flat();
    const path = `${prefix}${name}`;
    const there = values.some((value) => Object.hasOwn(value, name)) &&
      (property.values === undefined || given.length > 0);
    if (!there) {
      unset.push(path);
      continue;
    }
    set.push(path);
    if (property.values === undefined) continue;
    const inner = unsetIn(
      property.values.properties,
      (property.kind.startsWith("dictionary[")
        ? given.flatMap((each) => Object.values(each as JsonObject))
        : given) as JsonObject[],
      `${path}.`,
    );
    unset.push(...inner.unset);
    set.push(...inner.set);
  }
  return { unset, set };
}

/** Whether a reason's path covers a property. */
function covers(reason: string, path: string): boolean {
  return reason === path ||
    (reason.endsWith(".*") && path.startsWith(reason.slice(0, -1)));
}

/** Properties without value or reason, and reasons without need. */
export function propertyFaults(
  { kind, properties }: ResourceDeclaration,
  reported: readonly JsonObject[],
  reasons: Reasons = {},
): string[] {
  const { unset, set } = unsetIn(properties, reported);
  const named = Object.keys(reasons);
  return [
    ...unset.filter((path) => !named.some((reason) => covers(reason, path)))
      .map((path) => `${kind}.${path} is never set`),
    ...named.filter((reason) => !unset.some((path) => covers(reason, path)))
      .map((reason) =>
        set.some((path) => covers(reason, path))
          ? `${kind}.${reason} is set, its reason is wrong`
          : `${kind}.${reason} is no property that is set or not`
      ),
  ];
}

/** Edges without an example or a reason, and reasons without need. */
function linkFaults(
  { kind, edges = [] }: ResourceDeclaration,
  found: ReadonlySet<string>,
  known: ReadonlySet<string>,
  reasons: Reasons = {},
): string[] {
  const others = edges.map((edge) =>
    "predecessor" in edge
      ? { other: edge.predecessor, link: `${edge.predecessor} > ${kind}` }
      : { other: edge.successor, link: `${kind} > ${edge.successor}` }
  ).filter(({ other }) => known.has(other));
  const missing = others.filter(({ link }) => !found.has(link));
  return [
    ...missing.filter(({ other }) => reasons[other] === undefined)
      .map(({ link }) => `no edge ${link}`),
    ...Object.keys(reasons)
      .filter((other) =>
        known.has(other) && !missing.some((each) => each.other === other)
      )
      .map((other) => `${kind}: the reason for ${other} is wrong`),
  ];
}

/** What core would refuse of what was collected. */
export function refusedOf(
  { messages }: CollectedGraph,
  resources: readonly ResourceDeclaration[],
): string[] {
  const collected = new CollectedScopes();
  for (const message of messages) collected.add(message);
  return collectedFaults(
    { kinds: kindsOf(resources) },
    [...collected.scopes.values()],
  );
}

/** Tries the kinds of a suite on a moto that is empty. */
async function trySuite(
  t: Deno.TestContext,
  suite: KindsSuite,
  moto: MotoServer,
): Promise<void> {
  const { module, notInMoto = {}, unset = {}, unlinked = {} } = suite;
  await moto.seedKinds(module);
  const resources = suite.resources
    .filter(({ kind }) => !Object.hasOwn(notInMoto, kind));
  const collected = withNeighbours(resources).filter(({ kind }) =>
    !Object.hasOwn(notInMoto, kind) && !NEVER_IN_MOTO.has(kind)
  );
  const config = {
    ...estateConfig(moto.endpoint),
    region: KINDS_REGIONS,
  } as JsonObject;
  const plugin = pluginOf(collected) as never;
  const collect = () => collectHere(plugin, config);
  const global = new Set(
    collected.filter(({ place }) => place === "global")
      .map(({ kind }) => kind),
  );
  const found = async () => tagsOf(await moto.foundKinds(module), global);

  const own = new Set(resources.map(({ kind }) => kind));
  const graph = await collect();
  const keys = graph.keys.filter((key) => own.has(kindIn(key)));
  const tags = await found();

  await t.step("no scope fails", () => {
    deepStrictEqual(
      [...graph.failed].filter(([place]) => own.has(kindIn(place))),
      [],
    );
  });
  await t.step("core takes all of it", () => {
    deepStrictEqual(refusedOf(graph, collected), []);
  });
  await t.step("ids per kind, account and region are boto3's", () => {
    deepStrictEqual(keys, [...tags.keys()].sort());
  });
  await t.step("boto3 lists each kind in each account", () => {
    const without = [...own].filter((kind) =>
      new Set(
        [...tags.keys()].filter((key) => kindIn(key) === kind)
          .map((key) => key.split(" ")[0]),
      ).size < 2
    );
    deepStrictEqual(without, []);
  });
  await t.step("tags are boto3's", () => {
    const expected = [...tags].filter(([, each]) => each !== null);
    deepStrictEqual(
      expected.map(([key]) => [key, graph.reported.get(key)?.["tags"] ?? {}])
        .sort(),
      expected.sort(),
    );
  });
  await t.step("every property is set somewhere, or has a reason", () => {
    deepStrictEqual(
      resources.flatMap((resource) =>
        propertyFaults(
          resource,
          keys.filter((key) => kindIn(key) === resource.kind)
            .map((key) => graph.reported.get(key) ?? {}),
          unset[resource.kind],
        )
      ),
      [],
    );
  });
  await t.step("every edge is found somewhere, or has a reason", () => {
    const found = new Set(graph.edges.map((edge) => {
      const [, from = "", to = ""] = edge.split(" > ");
      return `${kindIn(from)} > ${kindIn(to)}`;
    }));
    const known = new Set(
      [...RESOURCES, ...resources].map(({ kind }) => kind)
        .filter((kind) => !NEVER_IN_MOTO.has(kind)),
    );
    deepStrictEqual(
      resources.flatMap((resource) =>
        linkFaults(resource, found, known, unlinked[resource.kind])
      ),
      [],
    );
  });
  await workEach(t, {
    resources,
    collected,
    plugin,
    config,
    graph,
    before: tags,
    collect,
    tags: found,
    notTagged: suite.notTagged ?? {},
    notDeleted: suite.notDeleted ?? {},
    goesAlong: suite.goesAlong ?? {},
  });
}

/** Defines a test for each suite; they share a moto, which each finds empty. */
export async function kindsSuites(
  suites: readonly KindsSuite[],
): Promise<void> {
  const isThere = await setUpMoto() === undefined;
  let shared: MotoServer | undefined;
  Deno.test.beforeAll(async () => {
    Deno.env.set("AWS_MAX_ATTEMPTS", "2");
    if (!isThere) return;
    shared = await MotoServer.start();
    // What outlives a test is begun before the first.
    await shared.reset();
  });
  Deno.test.afterAll(async () => {
    await shared?.[Symbol.asyncDispose]();
    Deno.env.delete("AWS_MAX_ATTEMPTS");
  });
  for (const suite of suites) {
    const name = `the kinds of ${suite.module} are what boto3 lists`;
    await motoTest(name, async (t) => {
      ok(shared);
      await shared.reset();
      await trySuite(t, suite, shared);
    });
  }
}
