import { messageOf } from "@skymap/lib/errors";
import type { JsonObject } from "@skymap/lib/json";
import type {
  Account,
  AccountList,
  PhasePermissions,
  PluginManifest,
} from "@skymap/lib/plugin";
import {
  type CollectedScope,
  CollectedScopes,
  type CollectMessage,
  type IssueMessage,
  type RecordedAnswer,
} from "@skymap/lib/plugin_host";
import type { CollectTarget } from "../collect.ts";
import type {
  CollectOutcome,
  PluginAccess,
  PluginHost,
} from "../plugin/host.ts";
import { findInstallation } from "../plugin/source.ts";
import { graphStream } from "../send_graph.ts";
import { kitHost } from "./kit_host.ts";
import type { PackedPlugin } from "./pack_plugin.ts";

/** What a plugin under trial is run with. */
export interface TrialOptions {
  /** The plugin. */
  readonly packed: PackedPlugin;
  /** Its configuration. */
  readonly config: JsonObject;
  /** What it may reach. Default: what it asks for. */
  readonly approved?: PhasePermissions;
  /** Whether the answers to its calls are recorded. Default: no. */
  readonly record?: boolean;
  /** Answers that its calls get in place of the network's. */
  readonly replay?: readonly RecordedAnswer[];
  /** Where it goes beside the trial's result. Default: nowhere. */
  readonly target?: CollectTarget;
  /** Ends it. */
  readonly signal: AbortSignal;
}

/** What a plugin did when it was tried. */
export interface Trial {
  /** What it says of itself. */
  readonly manifest: PluginManifest;
  /** Whether its configuration is enough to collect; what follows is empty if not. */
  readonly configured: boolean;
  /** Its accounts. */
  readonly accounts: AccountList;
  /** Scopes by `account/region/kind`. */
  readonly scopes: ReadonlyMap<string, CollectedScope>;
  /** What it told the operator. */
  readonly issues: readonly IssueMessage[];
  /** Why accounts failed as a whole. */
  readonly failures: readonly string[];
  /** What it reached for, process by process. */
  readonly accesses: readonly PluginAccess[];
  /** Answers to its calls, if they were recorded. */
  readonly answers: readonly RecordedAnswer[];
  /** What it printed. */
  readonly printed: string;
}

/** The lines of a collect, each also taken into the result. */
async function* tee(
  lines: AsyncGenerator<string, CollectOutcome>,
  collected: CollectedScopes,
): AsyncGenerator<string, CollectOutcome> {
  for (;;) {
    const next = await lines.next();
    if (next.done === true) return next.value;
    for (const line of next.value.trimEnd().split("\n")) {
      collected.add(JSON.parse(line) as CollectMessage);
    }
    yield next.value;
  }
}

/** Reads a collect to its end, into core if there is one. */
async function drain(
  lines: AsyncGenerator<string, CollectOutcome>,
  { cloud }: PluginManifest,
  account: Account,
  { target, signal }: TrialOptions,
): Promise<CollectOutcome | undefined> {
  const stream = graphStream(lines, { cloud, account: account.id });
  if (target !== undefined) await target.merge(stream.body, signal);
  else for await (const _ of stream.body);
  return stream.outcome();
}

/** Lists the accounts of a plugin and collects one after the other. */
async function collectAccounts(
  host: PluginHost,
  collected: CollectedScopes,
  failures: string[],
  options: TrialOptions,
): Promise<AccountList> {
  const { config, target, signal, packed: { published: { manifest } } } =
    options;
  const list = await host.accounts(config, signal);
  for (const { id, code, message } of list.unreachable ?? []) {
    failures.push(`account "${id}" cannot be reached: ${code}: ${message}`);
  }
  const { name, version, cloud, containers, kinds } = manifest;
  await target?.putModel({
    plugin: { name, version, cloud, containers, kinds },
  });
  for (const account of list.accounts) {
    collected.nextStream();
    const lines = tee(
      host.collect(manifest, config, account, signal),
      collected,
    );
    const outcome = await drain(lines, manifest, account, options);
    if (outcome?.failure !== undefined) {
      failures.push(`account "${account.id}": ${outcome.failure.message}`);
    }
  }
  return list;
}

/**
 * Runs a packed plugin as a worker would, in its sandbox and with what it asks
 * for, and tells all that it did. Throws on abort only.
 */
export async function tryPlugin(options: TrialOptions): Promise<Trial> {
  const { packed, config, record, replay, signal } = options;
  const { manifest, sha256 } = packed.published;
  const accesses: PluginAccess[] = [];
  const answers: RecordedAnswer[] = [];
  let printed = "";
  const host = kitHost({
    source: { spec: manifest.name, sha256, text: packed.module },
    installation: await findInstallation(),
    manifest,
    approved: options.approved ?? manifest.permissions,
    ...(record !== undefined && { record }),
    ...(replay !== undefined && { replay }),
    onAccess: (access) => accesses.push(access),
    onRecorded: (answer) => answers.push(answer),
    onPrint: (text) => printed += text,
  });
  const collected = new CollectedScopes();
  const failures: string[] = [];
  let configured = false;
  let accounts: AccountList = { accounts: [] };
  try {
    configured = await host.isConfigured(config, signal);
    if (configured && manifest.collects) {
      accounts = await collectAccounts(host, collected, failures, options);
    }
  } catch (error) {
    signal.throwIfAborted();
    failures.push(messageOf(error));
  }
  const { scopes, issues } = collected;
  return {
    manifest,
    configured,
    accounts,
    scopes,
    issues,
    failures,
    accesses,
    answers,
    printed,
  };
}
