import {
  deepStrictEqual,
  match,
  notDeepStrictEqual,
  ok,
  rejects,
  strictEqual,
  throws,
} from "node:assert/strict";
import fc from "fast-check";
import type {
  Account,
  CollectContext,
  FoundEdge,
  FoundNode,
  ResourceRef,
  ScopePlace,
} from "@skymap/lib/plugin";
import { deleteResources } from "./delete_resources.ts";
import plugin from "./mod.ts";
import { readConfig } from "./settings.ts";

interface Found {
  readonly outcome: "complete" | Error;
  readonly nodes: FoundNode[];
  readonly edges: FoundEdge[];
}

/** Keeps what is found, by `account/region/kind`. */
class World {
  readonly scopes = new Map<string, Found>();
  readonly progress: number[] = [];

  async collect(
    config: ReturnType<typeof readConfig>,
    account: Account,
    signal: AbortSignal = new AbortController().signal,
  ): Promise<void> {
    const context: CollectContext<typeof config> = {
      config,
      account,
      freshAccount: () => Promise.resolve(account),
      signal,
      scope: async ({ kind, region = "" }: ScopePlace, list) => {
        const nodes: FoundNode[] = [];
        const edges: FoundEdge[] = [];
        let outcome: Found["outcome"] = "complete";
        const push = <T>(into: T[]) => (value: T) => {
          into.push(value);
          return Promise.resolve();
        };
        try {
          await list({
            node: push(nodes),
            edge: push(edges),
            deferredEdge: () => Promise.resolve(),
            nodeId: (ref: ResourceRef) => JSON.stringify(ref),
            usage: () => {},
          });
        } catch (thrown) {
          signal.throwIfAborted();
          outcome = thrown as Error;
        }
        this.scopes.set(`${account.id}/${region}/${kind}`, {
          outcome,
          nodes,
          edges,
        });
        return outcome === "complete" ? "complete" : "failed";
      },
      progress: (_path, current) => this.progress.push(current),
      issue: () => {},
    };
    await plugin.collect(context);
  }

  get nodes(): FoundNode[] {
    return [...this.scopes.values()].flatMap(({ nodes }) => nodes);
  }
}

async function collect(options: object): Promise<World> {
  const config = readConfig({ tick: 500_000, ...options });
  const world = new World();
  const signal = new AbortController().signal;
  for (const account of (await plugin.accounts({ config, signal })).accounts) {
    await world.collect(config, account);
  }
  return world;
}

Deno.test("demo finds the same cloud each time it is asked at one hour", async () => {
  const one = await collect({ size: 0.1 });
  deepStrictEqual(one.scopes, (await collect({ size: 0.1 })).scopes);
  notDeepStrictEqual(
    one.scopes,
    (await collect({ size: 0.1, seed: 1 })).scopes,
  );
});

Deno.test("demo has about 2,000 resources for each unit of size", async () => {
  for (const options of [{}, { size: 3 }, { size: 2, accounts: 7 }]) {
    const { nodes } = await collect(options);
    const wanted = 2_000 * ((options as { size?: number }).size ?? 1);
    ok(
      Math.abs(nodes.length - wanted) < wanted * 0.1,
      `${JSON.stringify(options)}: ${nodes.length} of ${wanted}`,
    );
  }
});

Deno.test("demo gives each resource an id of its own, in its scope", async () => {
  const { scopes } = await collect({ size: 2 });
  for (const [scope, { nodes }] of scopes) {
    strictEqual(new Set(nodes.map(({ id }) => id)).size, nodes.length, scope);
  }
});

Deno.test("demo draws edges only between resources that are there, one end in the scope", async () => {
  for (const tick of [500_000, 500_011, 500_023]) {
    const { scopes } = await collect({ size: 0.5, tick });
    const there = new Set<string>();
    for (const [scope, { nodes }] of scopes) {
      for (const { id } of nodes) there.add(`${scope}/${id}`);
    }
    for (const [scope, { edges }] of scopes) {
      const [account, region, kind] = scope.split("/");
      for (const { from, to } of edges) {
        for (const end of [from, to]) {
          const place = end.region ?? region;
          ok(there.has(`${account}/${place}/${end.kind}/${end.id}`), scope);
        }
        ok(from.kind === kind || to.kind === kind, scope);
      }
    }
  }
});

Deno.test("demo finds every kind that it declares, with declared properties alone", async () => {
  const { scopes } = await collect({});
  const declared = new Map(plugin.kinds.map((kind) => [kind.name, kind]));
  const values = new Set(["demo_firewall_rule"]);
  const seen = new Map<string, Set<string>>();
  for (const [scope, { nodes }] of scopes) {
    const kind = scope.split("/")[2] ?? "";
    const properties = seen.get(kind) ?? new Set();
    seen.set(kind, properties);
    for (const { reported } of nodes) {
      for (const name of Object.keys(reported)) properties.add(name);
    }
  }
  deepStrictEqual(
    [...seen.keys()].sort(),
    [...declared.keys()].filter((name) => !values.has(name)).sort(),
  );
  for (const [kind, properties] of seen) {
    for (const name of Object.keys(declared.get(kind)?.properties ?? {})) {
      ok(properties.has(name), `${kind}.${name} is declared and never set`);
    }
  }
});

Deno.test("demo changes a little from hour to hour", async () => {
  const [before, after] = await Promise.all(
    [500_000, 500_001].map((tick) => collect({ tick })),
  );
  ok(before && after);
  const texts = ({ scopes }: World) =>
    new Map(
      [...scopes].flatMap(([scope, { nodes }]) =>
        nodes.map((node) =>
          [`${scope}/${node.id}`, JSON.stringify(node)] as const
        )
      ),
    );
  const [old, now] = [texts(before), texts(after)];
  const gone = [...old.keys()].filter((key) => !now.has(key)).length;
  const came = [...now.keys()].filter((key) => !old.has(key)).length;
  const changed =
    [...now].filter(([key, text]) => old.has(key) && old.get(key) !== text)
      .length;
  ok(gone > 0 && gone < 60, `${gone} went`);
  ok(came > 0 && came < 60, `${came} came`);
  ok(changed > 0 && changed < 60, `${changed} changed`);
});

Deno.test("demo fails the listings that it is told to, after half of a page", async () => {
  const { scopes } = await collect({
    size: 5,
    accounts: 1,
    fail: ["*/eu-west/demo_volume", "*/demo_user"],
  });
  const failed = [...scopes].filter(([, each]) => each.outcome !== "complete");
  deepStrictEqual(
    failed.map(([scope]) => scope.split("/").slice(1).join("/")),
    ["/demo_user", "eu-west/demo_volume"],
  );
  const [, volumes] = failed[1] ?? [];
  strictEqual(volumes?.nodes.length, 50);
  const { code, permission } = volumes.outcome as unknown as {
    code: string;
    permission: string;
  };
  deepStrictEqual([code, permission], ["AccessDenied", "demo:list-volume"]);
});

Deno.test("demo stops when it is told to", async () => {
  const config = readConfig({ latency_ms: 60_000 });
  const controller = new AbortController();
  const running = new World().collect(
    config,
    { id: "1" },
    controller.signal,
  );
  controller.abort(new Error("stop"));
  await rejects(running, /stop/);
});

Deno.test("demo names accounts as it is told to, and keeps their ids", async () => {
  const signal = new AbortController().signal;
  const list = async (accounts: unknown) =>
    (await plugin.accounts({ config: readConfig({ accounts }), signal }))
      .accounts;
  const named = await list(["ours", "theirs"]);
  deepStrictEqual(named.map(({ name }) => name), ["ours", "theirs"]);
  const many = await list(300);
  strictEqual(new Set(many.map(({ id }) => id)).size, 300);
  deepStrictEqual(
    many.slice(0, 2).map(({ id }) => id),
    named.map(({ id }) => id),
  );
  for (const { id } of many) ok(/^\d{12}$/.test(id));
});

Deno.test("readConfig() names every fault", () => {
  throws(() => readConfig({ size: -1, sise: 2, regions: [] }), (error) => {
    const { message } = error as Error;
    return ["size", "sise", "regions"].every((name) => message.includes(name));
  });
});

Deno.test("readConfig() takes whatever it says of itself", () => {
  fc.assert(
    fc.property(
      fc.record({
        seed: fc.integer({ min: -9, max: 9 }),
        size: fc.double({ min: 0.01, max: 50, noNaN: true }),
        accounts: fc.integer({ min: 1, max: 50 }),
      }),
      (options) => {
        strictEqual(readConfig(options).size, options.size);
      },
    ),
  );
});

Deno.test("demo says of each kind what goes before it, as its edges do", async () => {
  const { scopes } = await collect({ size: 1 });
  const found = new Set<string>();
  for (const { edges } of scopes.values()) {
    for (const { from, to, type } of edges) {
      if (type === "delete") found.add(`${to.kind} before ${from.kind}`);
    }
  }
  const declared = (plugin.kinds ?? []).flatMap(({ name, deletedAfter = [] }) =>
    deletedAfter.map((other) => `${other} before ${name}`)
  );
  deepStrictEqual([...found].sort(), declared.sort());
});

Deno.test("demo deletes nothing, and dry runs find nothing against it", () => {
  const resources = [{ node: "a" }];
  const outcomes = (dry_run: boolean) =>
    JSON.stringify(deleteResources({ resources, dry_run }));
  match(outcomes(true), /"node":"a","outcome":"would_be_done"/);
  match(outcomes(false), /"outcome":"refused","reason":"the demo cloud is/);
});
