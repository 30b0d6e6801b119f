/**
 * What must hold for the tasks of kinds, against moto: tags that are changed and
 * resources that are deleted are what boto3 finds then.
 *
 * @module
 */

import { deepStrictEqual } from "node:assert/strict";
import type { JsonObject } from "@skymap/lib/json";
import type {
  DeleteOutcome,
  PluginDefinition,
  TagTaskResult,
  TaskResource,
} from "@skymap/lib/plugin";
import type { ResourceDeclaration } from "../../../plugins/aws/declaration.ts";
import { workTasks } from "../../../plugins/aws/work/mod.ts";
import type { CollectedGraph } from "./collected_graph.ts";
import type { Key } from "./estate_graph.ts";
import { runTask } from "./run_task.ts";

/** Kinds that something cannot be shown of, and why. */
type Reasons = Readonly<Record<string, string>>;

/** What the tasks of some kinds are tried on. */
export interface WorkTrial {
  /** The kinds. */
  readonly resources: readonly ResourceDeclaration[];
  /** Those and all that they are listed by. */
  readonly collected: readonly ResourceDeclaration[];
  /** A plugin that collects them. */
  readonly plugin: PluginDefinition<unknown>;
  /** Its configuration. */
  readonly config: JsonObject;
  /** What was collected. */
  readonly graph: CollectedGraph;
  /** What {@linkcode WorkTrial.tags} gave then. */
  readonly before: ReadonlyMap<Key, JsonObject | null>;
  /** Collects them again. */
  collect(): Promise<CollectedGraph>;
  /** Tags by key, as boto3 finds them; null where a kind has none. */
  tags(): Promise<ReadonlyMap<Key, JsonObject | null>>;
  /** By kind, why moto cannot change its tags. */
  readonly notTagged: Reasons;
  /** By kind, why moto cannot delete any of it. */
  readonly notDeleted: Reasons;
  /** By kind, why some of it goes when others are deleted. */
  readonly goesAlong: Reasons;
}

/** Of a clock that does not wait: what is not gone at once takes no real time. */
function fastClock() {
  let now = 0;
  return {
    now: () => now,
    sleep: (milliseconds: number) => {
      now += milliseconds;
      return Promise.resolve();
    },
  };
}

/** The parts of a key; ids may have blanks. */
function partsOf(key: Key) {
  const [account = "", region = "", kind = "", ...id] = key.split(" ");
  return { account, region, kind, id: id.join(" ") };
}

class Trial {
  readonly #trial: WorkTrial;
  readonly #plugin: PluginDefinition<unknown>;

  constructor(trial: WorkTrial) {
    this.#trial = trial;
    this.#plugin = {
      ...trial.plugin,
      tasks: workTasks(trial.collected, fastClock()),
    } as PluginDefinition<unknown>;
  }

  resource(key: Key, { reported }: CollectedGraph): TaskResource {
    const { kind, id, region } = partsOf(key);
    return { node: key, kind, id, region, reported: reported.get(key) ?? {} };
  }

  /** Runs a task for the keys of each account. */
  async #each<R>(
    keys: readonly Key[],
    run: (account: string, some: readonly Key[]) => Promise<readonly R[]>,
  ): Promise<R[]> {
    const accounts = Map.groupBy(keys, (key) => partsOf(key).account);
    const all: R[] = [];
    for (const [account, some] of accounts) {
      all.push(...await run(account, some));
    }
    return all;
  }

  async tag(
    graph: CollectedGraph,
    keys: readonly Key[],
    change: (key: Key) => {
      readonly update?: Readonly<Record<string, string>>;
      readonly remove?: readonly string[];
    },
  ) {
    return await this.#each(keys, async (account, some) => {
      const changes = some.map((key) => ({
        resource: this.resource(key, graph),
        update: {},
        remove: [],
        ...change(key),
      }));
      const { config } = this.#trial;
      const { results } = await runTask(
        this.#plugin,
        config,
        account,
        "tag",
        { changes },
      );
      return results;
    });
  }

  async work(
    task: "delete" | "detach",
    graph: CollectedGraph,
    keys: readonly Key[],
    dry_run = false,
  ): Promise<DeleteOutcome[]> {
    return await this.#each(keys, async (account, some) => {
      const resources = some.map((key) => this.resource(key, graph));
      const { config } = this.#trial;
      const args = { resources, dry_run };
      return (await runTask(this.#plugin, config, account, task, args)).results;
    });
  }
}

/** One resource of each kind, account and region; one with tags, if there is. */
function tagged(
  kinds: ReadonlySet<string>,
  tags: ReadonlyMap<Key, JsonObject | null>,
): Key[] {
  const places = Map.groupBy(
    [...tags.keys()].filter((key) => kinds.has(partsOf(key).kind)),
    (key) => {
      const { account, kind, region } = partsOf(key);
      return `${account} ${region} ${kind}`;
    },
  );
  return [...places.values()].flatMap((keys) =>
    keys.toSorted((a, b) =>
      Object.keys(tags.get(b) ?? {}).length -
      Object.keys(tags.get(a) ?? {}).length
    ).slice(0, 1)
  );
}

/** Changes tags and deletes; boto3 and the next collect see it. */
export async function workEach(
  t: Deno.TestContext,
  trial: WorkTrial,
): Promise<void> {
  await deleteEach(t, { ...trial, ...await tagEach(t, trial) });
}

/** Changes tags of every kind. Gives what there is then. */
async function tagEach(
  t: Deno.TestContext,
  trial: WorkTrial,
): Promise<Pick<WorkTrial, "before" | "graph">> {
  let { before, graph } = trial;
  const { notTagged, resources } = trial;
  const kinds = new Set(
    resources.filter(({ kind, tagging }) =>
      tagging !== undefined && !Object.hasOwn(notTagged, kind)
    ).map(({ kind }) => kind),
  );
  const tasks = new Trial(trial);
  await t.step("tags that are changed are boto3's, and no others", async () => {
    const keys = tagged(kinds, before);
    deepStrictEqual(
      [...kinds].filter((kind) =>
        !keys.some((key) => partsOf(key).kind === kind)
      ),
      [],
      "kinds without a resource",
    );
    const removed = (key: Key) =>
      Object.keys(trial.before.get(key) ?? {}).filter((name) =>
        !name.startsWith("aws:")
      ).slice(0, 1);
    const results = await tasks.tag(graph, keys, (key) => ({
      update: { "skymap-test": "work 1", "skymap-other": "" },
      remove: removed(key),
    }));
    deepStrictEqual(results.filter((each) => "error" in each), []);
    const expected = new Map(before);
    for (const key of keys) {
      const rest = Object.entries(before.get(key) ?? {})
        .filter(([name]) => !removed(key).includes(name));
      expected.set(key, {
        ...Object.fromEntries(rest),
        "skymap-test": "work 1",
        "skymap-other": "",
      });
    }
    deepStrictEqual(sorted(await trial.tags()), sorted(expected));
    checkTold(results, expected);
    const reported = new Map(graph.reported);
    for (const key of keys) {
      reported.set(key, {
        ...reported.get(key),
        tags: expected.get(key) ?? {},
      });
    }
    const undone = await tasks.tag({ ...graph, reported }, keys, () => ({
      remove: ["skymap-test", "skymap-other"],
    }));
    deepStrictEqual(undone.filter((each) => "error" in each), []);
    for (const key of keys) {
      const { "skymap-test": _one, "skymap-other": _other, ...rest } =
        expected.get(key) ?? {};
      expected.set(key, rest);
    }
    before = await trial.tags();
    deepStrictEqual(sorted(before), sorted(expected));
    graph = await trial.collect();
    checkTold(
      undone,
      new Map(keys.map((key) => [key, graph.reported.get(key)?.["tags"]])),
    );
  });
  return { before, graph };
}

/** What a task says of tags must be what others see. */
function checkTold(
  results: TagTaskResult["results"],
  expected: ReadonlyMap<string, unknown>,
): void {
  deepStrictEqual(
    results.map((each) => "tags" in each && [each.node, each.tags]),
    results.map(({ node }) => [node, expected.get(node) ?? {}]),
    "what the task gives",
  );
}

function sorted(tags: ReadonlyMap<Key, JsonObject | null>) {
  return [...tags].toSorted(([a], [b]) => a < b ? -1 : 1);
}

/** Keys in waves: what must be deleted first comes before. */
function wavesOf(
  keys: readonly Key[],
  edges: readonly (readonly [last: Key, first: Key])[],
): readonly (readonly Key[])[] {
  const left = new Set(keys);
  const waves: Key[][] = [];
  while (left.size > 0) {
    const free = [...left].filter((key) =>
      !edges.some(([last, first]) => last === key && left.has(first))
    );
    // A circle, which was detached before, goes as one.
    const wave = free.length > 0 ? free : [...left];
    for (const key of wave) left.delete(key);
    waves.push(wave);
  }
  return waves;
}

/** Deletes what can be, of every kind, in the order of the edges. */
async function deleteEach(
  t: Deno.TestContext,
  trial: WorkTrial,
): Promise<void> {
  const { before, goesAlong, graph, notDeleted, resources } = trial;
  const declared = new Map(resources.map((each) => [each.kind, each]));
  const kinds = new Set(
    resources.filter(({ kind, remove }) =>
      remove !== undefined && !Object.hasOwn(notDeleted, kind)
    ).map(({ kind }) => kind),
  );
  const tasks = new Trial(trial);
  await t.step(
    "what is deleted is gone for boto3, and nothing else",
    async () => {
      const edges = graph.edges.filter((edge) => edge.startsWith("delete > "))
        .map((edge) => edge.split(" > "))
        .map(([, last = "", first = ""]) => [last, first] as const);
      const keys = new Set(
        [...before.keys()].filter((key) => kinds.has(partsOf(key).kind)),
      );
      // What others hang on, which are not deleted here, stays.
      for (;;) {
        const held = edges.filter(([last, first]) =>
          keys.has(last) && !keys.has(first)
        );
        if (held.length === 0) break;
        for (const [last] of held) keys.delete(last);
      }
      const dry = await tasks.work("delete", graph, [...keys], true);
      deepStrictEqual(
        dry.filter(({ outcome }) =>
          !["would_be_done", "refused", "gone"].includes(outcome)
        ),
        [],
        "dry run",
      );
      deepStrictEqual(sorted(await trial.tags()), sorted(before), "dry run");
      const wanted = dry.filter(({ outcome }) => outcome === "would_be_done")
        .map(({ node }) => node);
      const detachable = wanted.filter((key) =>
        declared.get(partsOf(key).kind)?.detach !== undefined
      );
      deepStrictEqual(
        (await tasks.work("detach", graph, detachable))
          .filter(({ outcome }) => outcome !== "done"),
        [],
      );
      const outcomes: DeleteOutcome[] = [];
      for (const wave of wavesOf(wanted, edges)) {
        outcomes.push(...await tasks.work("delete", graph, wave));
      }
      deepStrictEqual(
        outcomes.filter(({ outcome }) => !["done", "gone"].includes(outcome)),
        [],
      );
      deepStrictEqual(
        [...kinds].filter((kind) =>
          !outcomes.some(({ node }) => partsOf(node).kind === kind)
        ),
        [],
        "kinds of which none was deleted",
      );
      const after = await trial.tags();
      deepStrictEqual(
        wanted.filter((key) =>
          after.has(key) &&
          // Those are listed for a while.
          declared.get(partsOf(key).kind)?.remove?.isGone === undefined
        ),
        [],
        "still there",
      );
      deepStrictEqual(
        [...before.keys()].filter((key) =>
          !wanted.includes(key) && !after.has(key) &&
          !Object.hasOwn(goesAlong, partsOf(key).kind)
        ),
        [],
        "gone without being meant",
      );
      deepStrictEqual(
        (await tasks.work("delete", graph, wanted))
          .filter(({ outcome }) => outcome !== "gone"),
        [],
        "a second time",
      );
    },
  );
}
