import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import {
  CleanupClient,
  type CleanupPlanJson,
  ConfigClient,
  type CoreClient,
  unwrap,
} from "@skymap/lib/client";
import type { JsonObject } from "@skymap/lib/json";
import { addPlugin } from "../helpers/add_plugin.ts";
import { RoleProcess, System, until } from "../helpers/system.ts";

/** A plugin whose cloud is a server: what is deleted there is gone. */
const YARD = `import { definePlugin } from "@skymap/lib/plugin";
const net = { net: [{ config: "server" }] };
const ask = async (config, path, body) => {
  const answer = await fetch(config.server + path, {
    method: "POST",
    body: JSON.stringify(body ?? {}),
  });
  return await answer.json();
};
const work = (verb) => async ({ config, args }) => {
  const results = [];
  for (const { node, kind, id, reported } of args.resources) {
    results.push({
      node,
      ...await ask(config, "/" + verb, {
        kind, id, name: reported.name, dry_run: args.dry_run,
      }),
    });
  }
  return { results };
};
export default definePlugin({
  name: "yard",
  version: "1.0.0",
  description: "A cloud of a test",
  containers: { account: "yard_account", region: "yard_region" },
  kinds: [
    { name: "yard_account", bases: ["account"] },
    { name: "yard_region", bases: ["region"] },
    { name: "yard_net", bases: ["network"], operations: ["delete"],
      deletedAfter: ["yard_box", "yard_ring"] },
    { name: "yard_box", bases: ["instance"], operations: ["delete"] },
    { name: "yard_ring", bases: ["security_group"],
      operations: ["delete", "detach"], deletedAfter: ["yard_ring"] },
  ],
  config: { parse: (value) => value },
  permissions: { accounts: net, collect: net, tasks: net },
  accounts: () => ({ accounts: [{ id: "home" }], all: ["home"] }),
  async collect(context) {
    const { scopes } = await ask(context.config, "/list");
    for (const [kind, nodes] of Object.entries(scopes)) {
      await context.scope({ kind }, async (scope) => {
        for (const { id, name, after = [] } of nodes) {
          await scope.node({ id, reported: { name } });
          for (const [otherKind, other] of after) {
            await scope.edge({
              from: { kind, id },
              to: { kind: otherKind, id: other },
              type: "delete",
            });
          }
        }
      });
    }
  },
  tasks: { delete: work("delete"), detach: work("detach") },
});
`;

interface Thing {
  name: string;
  /** What has to go before it. */
  readonly after: readonly (readonly [string, string])[];
}

/** The cloud of a test, behind HTTP. */
class Yard {
  readonly things = new Map<string, Map<string, Thing>>();
  readonly deleted: string[] = [];
  readonly detached = new Set<string>();
  /** Called before something is deleted. */
  onDelete: (id: string) => Promise<void> | void = () => {};
  /** What is held until the test ends. */
  readonly end: PromiseWithResolvers<void> = Promise.withResolvers<void>();
  readonly server: Deno.HttpServer<Deno.NetAddr>;

  constructor() {
    this.server = Deno.serve(
      { port: 0, hostname: "127.0.0.1", onListen() {} },
      async (request) => {
        const { pathname } = new URL(request.url);
        return Response.json(
          await this.#answer(pathname, await request.json()),
        );
      },
    );
    for (const kind of ["yard_account", "yard_net", "yard_box", "yard_ring"]) {
      this.things.set(kind, new Map());
    }
    this.add("yard_account", "home");
  }

  add(kind: string, id: string, ...after: readonly string[]): void {
    this.things.get(kind)?.set(id, {
      name: id,
      after: after.map((each) => {
        const [kind = "", id = ""] = each.split(" ");
        return [kind, id] as const;
      }),
    });
  }

  has(kind: string, id: string): boolean {
    return this.things.get(kind)?.has(id) ?? false;
  }

  get left(): readonly string[] {
    return [...this.things.values()].flatMap((each) => [...each.keys()]).sort();
  }

  async #answer(path: string, body: JsonObject): Promise<object> {
    if (path === "/list") {
      const scopes = [...this.things].map(([kind, nodes]) => [
        kind,
        [...nodes].map(([id, thing]) => ({ id, ...thing })),
      ]);
      return { scopes: Object.fromEntries(scopes) };
    }
    const { kind, id, name, dry_run } = body as Record<string, string>;
    const known = this.things.get(kind ?? "")?.get(id ?? "");
    if (known === undefined) return { outcome: "gone" };
    if (known.name !== name) return { outcome: "changed", paths: ["name"] };
    if (dry_run as unknown === true) return { outcome: "would_be_done" };
    if (path === "/detach") {
      this.detached.add(id ?? "");
      return { outcome: "done" };
    }
    await this.onDelete(id ?? "");
    const held = known.after.find(([kind, other]) =>
      this.has(kind, other) && !this.detached.has(other)
    );
    if (held !== undefined) {
      const message = `${held[1]} is in the way`;
      return { outcome: "failed", error: { code: "InUse", message } };
    }
    this.things.get(kind ?? "")?.delete(id ?? "");
    this.deleted.push(id ?? "");
    return { outcome: "done" };
  }
}

/** A net with boxes and two rings that name each other. */
function furnish(yard: Yard): void {
  yard.add("yard_ring", "ring1", "yard_ring ring2");
  yard.add("yard_ring", "ring2", "yard_ring ring1");
  const boxes = Array.from({ length: 60 }, (_, at) => `box${at}`);
  for (const box of boxes) yard.add("yard_box", box);
  yard.add(
    "yard_net",
    "net",
    ...boxes.map((box) => `yard_box ${box}`),
    "yard_ring ring1",
    "yard_ring ring2",
  );
  yard.add("yard_box", "other");
}

Deno.test("what is marked is planned, reviewed and deleted, whoever is killed", async (t) => {
  const folder = await Deno.makeTempDir({ prefix: "skymap-yard-" });
  await Deno.writeTextFile(`${folder}/yard.ts`, YARD);
  const yard = new Yard();
  furnish(yard);
  await using system = await System.start({
    core: ["--no-scheduling"],
    worker: [
      "--override",
      `yard.server=http://127.0.0.1:${yard.server.addr.port}`,
      "--override",
      "worker.collector=[yard]",
    ],
  });
  const client: CoreClient = await system.client();
  const cleanup = new CleanupClient(client);
  const configs = new ConfigClient(client);
  const configure = async (settings: JsonObject) => {
    unwrap(
      await configs.patch("skymap.core", { core: { cleanup: settings } }),
    );
  };
  const line = async (text: string) => {
    let output = "";
    await using shell = new RoleProcess("shell", [
      "--core-uri",
      system.coreUri,
      "--data-dir",
      system.dataDir,
      text,
    ]);
    const code = await shell.exit();
    output = shell.text;
    return { code, output };
  };
  const ended = async (id: string): Promise<CleanupPlanJson> =>
    await until(`plan ${id} ends`, async () => {
      const plan = unwrap(await cleanup.get(id));
      return plan.state === "applying" ? undefined : plan;
    });
  const states = async (id: string) => {
    const counts: Record<string, number> = {};
    for await (const { state } of cleanup.items(id)) {
      counts[state] = (counts[state] ?? 0) + 1;
    }
    return counts;
  };
  await addPlugin(client, `${folder}/yard.ts`);
  await until("the worker can delete", async () => {
    const answer = await client.fetch("/subscribers" as never);
    return (await answer.text()).includes('"delete"');
  });
  strictEqual((await system.runWorkflow("collect")).state, "done");

  await t.step("nothing is deleted by default", async () => {
    match((await line("search is(yard_net) | clean")).output, /1 node was/);
    const { output } = await line("cleanup plan");
    match(output, /no account is opened for cleanups \(accounts\)/);
    await configure({
      accounts: ["home"],
      max_count_per_kind: 100,
      max_count_per_account: 100,
      max_share: 1,
      max_share_per_kind: 1,
      max_share_per_account: 1,
    });
  });

  await t.step("what is not marked blocks, by its name", async () => {
    const { output } = await line("cleanup plan");
    match(
      output,
      /yard_(box box|ring ring)\d+ hangs on it and is not marked, and 61 more/,
    );
  });

  let plan = "";
  await t.step("a dry run looks at the cloud and changes nothing", async () => {
    await line("search is([yard_box, yard_ring]) and id != other | clean");
    const made = unwrap(await cleanup.plan());
    plan = made.id;
    deepStrictEqual(
      [made.deletions, made.detachments, made.blocked, made.waves],
      [63, 2, 0, 3],
    );
    const { code, output } = await line(`cleanup apply ${plan.slice(0, 10)}`);
    strictEqual(code, 0, output);
    match(output, /DRY RUN: .* NOTHING is deleted/);
    match(output, /65 steps would be done, 0 would not/);
    deepStrictEqual(yard.deleted, []);
  });

  await t.step("a plan is refused while cleanups are off", async () => {
    await configure({ dry_run: false });
    const { code, output } = await line(`cleanup apply ${plan}`);
    strictEqual(code, 1);
    match(output, /cleanups are off, wanted core\.cleanup\.enabled: true/);
    await configure({ enabled: true, max_count: 10 });
    const crossed = await line(`cleanup apply ${plan}`);
    match(crossed.output, /it deletes 63 resources, max_count is 10/);
    for (const raise of ["max_count=many", "max_counts=9", "100"]) {
      const wrong = await line(`cleanup apply --raise ${raise} ${plan}`);
      strictEqual(wrong.code, 2, wrong.output);
    }
    deepStrictEqual(yard.deleted, []);
  });

  await t.step(
    "core and worker are killed in the midst, and it goes on",
    async () => {
      let seen = 0;
      const reached = Promise.withResolvers<void>();
      yard.onDelete = async () => {
        if (++seen !== 25) return;
        reached.resolve();
        await yard.end.promise;
      };
      // What was changed since its node was collected.
      const changed = yard.things.get("yard_box")?.get("box59");
      ok(changed !== undefined);
      changed.name = "renamed";
      unwrap(await cleanup.apply(plan, { raise: { max_count: 100 } }));
      await reached.promise;
      await system.process("core").stop("SIGKILL");
      await system.process("worker").stop("SIGKILL");
      yard.onDelete = () => {};
      await system.startCore();
      system.startWorker();
      const cut = unwrap(await cleanup.get(plan));
      match(`${cut.state}: ${cut.error}`, /^failed: core ended while/);
      strictEqual(cut.raised[0]?.limit, "max_count");
      unwrap(await cleanup.apply(plan, { raise: { max_count: 100 } }));
      const end = await ended(plan);
      strictEqual(end.state, "failed", end.error);
      const counts = await states(plan);
      deepStrictEqual(
        [counts.changed, counts.skipped, counts.failed, counts.refused],
        [1, 1, undefined, undefined],
      );
      deepStrictEqual(yard.left, ["box59", "home", "net", "other"]);
      strictEqual(new Set(yard.deleted).size, yard.deleted.length);
    },
  );

  await t.step(
    "a worker is killed in the midst, and another one ends it",
    async () => {
      strictEqual((await system.runWorkflow("collect")).state, "done");
      const made = unwrap(await cleanup.plan());
      strictEqual(made.deletions, 2, JSON.stringify(made.reasons));
      const reached = Promise.withResolvers<void>();
      let isFirst = true;
      yard.onDelete = async () => {
        if (!isFirst) return;
        isFirst = false;
        reached.resolve();
        await yard.end.promise;
      };
      unwrap(await cleanup.apply(made.id));
      await reached.promise;
      await system.process("worker").stop("SIGKILL");
      system.startWorker();
      const end = await until(`plan ${made.id} ends`, async () => {
        const plan = unwrap(await cleanup.get(made.id));
        return plan.state === "applying" ? undefined : plan;
      }, 150_000);
      strictEqual(end.state, "applied", end.error);
      deepStrictEqual(yard.left, ["home", "other"]);
    },
  );

  await t.step("the history shows who deleted what", async () => {
    const { output } = await line(
      "history --change node_updated is(yard_net) and " +
        "/metadata.cleaned = true | list id, /metadata.cleaned_plan",
    );
    match(output, /id=net, cleaned_plan=[0-9a-v]{26}/);
  });

  await t.step("a workflow plans, applies and says what it did", async () => {
    strictEqual((await system.runWorkflow("collect")).state, "done");
    yard.onDelete = () => {};
    await line("search is(yard_box) | clean");
    const run = await system.runWorkflow("cleanup");
    const log = unwrap(await client.runLog(run.id))
      .map(({ step, message }) => `${step}: ${message}`).join("\n");
    match(log, /^pre_cleanup: Plan \w+: 1 resource to delete in 1 wave/m);
    match(log, /^cleanup: All of plan \w+ is applied: 1 step done/m);
    deepStrictEqual(yard.left, ["home"]);
    const again = await system.runWorkflow("cleanup");
    match(
      unwrap(await client.runLog(again.id)).map(({ message }) => message)
        .join("\n"),
      /^Nothing is marked to be cleaned up$/m,
    );
  });

  await t.step("who leaves an apply is told that it goes on", async () => {
    yard.add("yard_box", "late");
    strictEqual((await system.runWorkflow("collect")).state, "done");
    await line("search is(yard_box) and id = late | clean");
    const { id } = unwrap(await cleanup.plan());
    const reached = Promise.withResolvers<void>();
    const left = Promise.withResolvers<void>();
    yard.onDelete = async () => {
      reached.resolve();
      await left.promise;
    };
    await using shell = new RoleProcess("shell", [
      "--core-uri",
      system.coreUri,
      "--data-dir",
      system.dataDir,
      `cleanup apply ${id}`,
    ]);
    await reached.promise;
    await until(
      "it is told",
      () =>
        Promise.resolve(
          shell.text.includes("Core goes on when nobody follows"),
        ),
    );
    strictEqual(await shell.stop("SIGINT"), 130);
    strictEqual(unwrap(await cleanup.get(id)).state, "applying");
    left.resolve();
    strictEqual((await ended(id)).state, "applied");
    deepStrictEqual(yard.left, ["home"]);
  });
  yard.end.resolve();
  await yard.server.shutdown();
  await Deno.remove(folder, { recursive: true });
});
