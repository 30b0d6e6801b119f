import { SkymapError } from "@skymap/lib/errors";
import type { PluginManifest } from "@skymap/lib/plugin";
import type {
  MergeMessage,
  ScopeKey,
  ScopeOpenMessage,
} from "@skymap/lib/plugin_host";
import { IssueFilter } from "./issue_filter.ts";
import { plainFailure } from "./plain_failure.ts";
import { plainLine } from "./plain_text.ts";
import { plainUsage, type UsageReport, UsageTally } from "./usage_tally.ts";

/** What a stream of a plugin may say. */
export interface StreamRules {
  /** The plugin: its name, cloud and kinds. */
  readonly manifest: Pick<PluginManifest, "name" | "cloud" | "kinds">;
  /** The account that is collected, and no other. */
  readonly account: string;
}

/** A line that a plugin wrote, read. */
export type Message = Readonly<Record<string, unknown>>;

/** Characters of a region's id at most. */
const MAX_ID = 256;

/** Characters of a name at most. */
const MAX_NAME = 500;

/** A value of a hostile stream, as a message tells it. */
function shown(value: unknown): string {
  return plainLine(JSON.stringify(value) ?? "nothing", 80);
}

/**
 * Checks the messages of one collect before they are sent on: that they are
 * messages, that their scopes are open, and that a scope lies in the account
 * that was asked for. Counts what goes by.
 */
export class StreamGuard {
  readonly #rules: StreamRules;
  readonly #issues: IssueFilter;
  readonly #kinds: ReadonlySet<string>;
  readonly #open = new Map<
    number,
    { readonly key: ScopeKey; readonly at: number }
  >();
  readonly #tally = new UsageTally();
  /** Scopes that are open, but may not be: nothing of theirs is sent on. */
  readonly #refused = new Set<number>();
  #lastScope = 0;
  #nodes = 0;
  #failedScopes = 0;
  #forgedScopes = 0;

  /** Makes a guard for one stream. */
  constructor(rules: StreamRules) {
    this.#rules = rules;
    this.#issues = new IssueFilter(rules.manifest.name);
    this.#kinds = new Set(rules.manifest.kinds.map(({ name }) => name));
  }

  /** Nodes that went by. */
  get nodes(): number {
    return this.#nodes;
  }

  /** Scopes that were closed as failed. */
  get failedScopes(): number {
    return this.#failedScopes;
  }

  /** Scopes that were refused, as they were not the plugin's to list. */
  get forgedScopes(): number {
    return this.#forgedScopes;
  }

  /** What it took up to now. */
  get usage(): UsageReport {
    return this.#tally.report;
  }

  /** Numbers of the scopes that are open. */
  get openScopes(): number[] {
    return [...this.#open.keys()];
  }

  #invalid(what: string): never {
    throw new SkymapError(
      "plugin_invalid",
      `Plugin "${this.#rules.manifest.name}" ${what}`,
    );
  }

  /**
   * Checks one message. Gives true when it is to be sent on, false when it is
   * refused, and a message that is to be sent in its place.
   *
   * @throws {SkymapError} `plugin_invalid`, if the stream cannot go on.
   */
  check(message: Message): boolean | MergeMessage {
    switch (message["type"]) {
      case "node":
      case "edge":
      case "deferred_edge":
        return this.#element(message);
      case "scope":
        return this.#scope(message);
      case "progress":
        return true;
      case "issue":
        return this.#issues.take(message) ?? false;
      default:
        return this.#invalid(
          `wrote a message of unknown type ${shown(message["type"])}`,
        );
    }
  }

  #element(message: Message): boolean {
    const scope = message["scope"] as number;
    if (this.#refused.has(scope)) return false;
    if (!this.#open.has(scope)) {
      return this.#invalid(
        `wrote a ${message["type"]} into scope ${
          shown(scope)
        }, which is not open`,
      );
    }
    if (message["type"] === "node") this.#nodes++;
    return true;
  }

  #scope(message: Message): boolean | MergeMessage {
    const scope = message["scope"];
    if (typeof scope !== "number" || !Number.isSafeInteger(scope)) {
      return this.#invalid("wrote a scope without a number");
    }
    if (message["state"] === "open") return this.#openScope(scope, message);
    if (this.#refused.delete(scope)) return false;
    const open = this.#open.get(scope);
    if (open === undefined) {
      return this.#invalid(`closed scope ${scope}, which is not open`);
    }
    const { state } = message;
    const error = plainFailure(message["error"]);
    if (state !== "complete" && (state !== "failed" || error === undefined)) {
      return this.#invalid(`closed scope ${scope} without saying how`);
    }
    this.#open.delete(scope);
    const usage = plainUsage(message["usage"]);
    this.#tally.add(open.key, open.at, usage);
    const told = usage !== undefined && { usage };
    if (state === "complete" || error === undefined) {
      // Without what makes no sense: it is no reason to lose the scope.
      return message["usage"] === undefined ||
        { type: "scope", scope, state: "complete", ...told };
    }
    this.#failedScopes++;
    return { type: "scope", scope, state: "failed", error, ...told };
  }

  #openScope(scope: number, message: Message): boolean | MergeMessage {
    // Numbers only grow, so that an old one cannot be opened again.
    if (scope <= this.#lastScope) {
      return this.#invalid(`opened scope ${scope} after ${this.#lastScope}`);
    }
    this.#lastScope = scope;
    const { cloud, account, region, kind } = message as unknown as ScopeKey;
    if (typeof region !== "string" || typeof kind !== "string") {
      return this.#invalid(`opened scope ${scope} without region or kind`);
    }
    if (plainLine(region, MAX_ID) !== region) {
      return this.#invalid(
        `opened scope ${scope} in region ${shown(region)}, wanted ${MAX_ID} ` +
          "characters or fewer, all of them printable",
      );
    }
    const { manifest } = this.#rules;
    if (
      cloud === manifest.cloud && account === this.#rules.account &&
      this.#kinds.has(kind)
    ) {
      const names = this.#names(scope, message);
      this.#open.set(scope, {
        key: { cloud, account, region, kind },
        at: this.#tally.now,
      });
      const isPlain = names.every(([name, text]) => message[name] === text);
      return isPlain || {
        ...message as unknown as ScopeOpenMessage,
        ...Object.fromEntries(names),
      };
    }
    this.#refused.add(scope);
    this.#forgedScopes++;
    return {
      type: "issue",
      level: "error",
      message: `Plugin "${manifest.name}" tried to list what is not its own: ` +
        `cloud ${shown(cloud)}, account ${shown(account)}, kind ${
          shown(kind)
        }; it was refused`,
    };
  }

  /** The names that people call account and region by, as they can be shown. */
  #names(scope: number, message: Message): readonly [string, string][] {
    return ["account_name", "region_name"].flatMap(
      (key): [string, string][] => {
        const name = message[key];
        if (name === undefined) return [];
        if (typeof name === "string") return [[key, plainLine(name, MAX_NAME)]];
        return this.#invalid(
          `opened scope ${scope} with the name ${shown(name)}, wanted a text`,
        );
      },
    );
  }

  /** Closes a scope that its plugin left open. */
  abandon(scope: number): void {
    const open = this.#open.get(scope);
    if (open === undefined) return;
    this.#open.delete(scope);
    this.#tally.add(open.key, open.at, undefined);
    this.#failedScopes++;
  }
}
