import { SkymapError } from "@skymap/lib/errors";
import { isObject } from "@skymap/lib/json";
import type { PluginManifest } from "@skymap/lib/plugin";
import type { Failure, IssueMessage, ScopeKey } from "@skymap/lib/plugin_host";

/** What a stream of a plugin may say. */
export interface StreamRules {
  /** The plugin: its name, cloud and kinds. */
  readonly manifest: Pick<PluginManifest, "name" | "cloud" | "kinds">;
  /** The account that is collected, and no other. */
  readonly account: string;
}

/** A line that a plugin wrote, read. */
export type Message = Readonly<Record<string, unknown>>;

function isFailure(value: unknown): value is Failure {
  return isObject(value) && typeof value["code"] === "string" &&
    typeof value["message"] === "string";
}

/**
 * Checks the messages of one collect before they are sent on: that they are
 * messages, that their scopes are open, and that a scope lies in the account
 * that was asked for. Counts what goes by.
 */
export class StreamGuard {
  readonly #rules: StreamRules;
  readonly #kinds: ReadonlySet<string>;
  readonly #open = new Map<number, ScopeKey>();
  /** Scopes that are open, but may not be: nothing of theirs is sent on. */
  readonly #refused = new Set<number>();
  #lastScope = 0;
  #nodes = 0;
  #failedScopes = 0;
  #forgedScopes = 0;

  /** Makes a guard for one stream. */
  constructor(rules: StreamRules) {
    this.#rules = rules;
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
   * refused, and an issue that is to be sent in its place.
   *
   * @throws {SkymapError} `plugin_invalid`, if the stream cannot go on.
   */
  check(message: Message): boolean | IssueMessage {
    switch (message["type"]) {
      case "node":
      case "edge":
      case "deferred_edge":
        return this.#element(message);
      case "scope":
        return this.#scope(message);
      case "progress":
      case "issue":
        return true;
      default:
        return this.#invalid(
          `wrote a message of unknown type ${JSON.stringify(message["type"])}`,
        );
    }
  }

  #element(message: Message): boolean {
    const scope = message["scope"] as number;
    if (this.#refused.has(scope)) return false;
    if (!this.#open.has(scope)) {
      return this.#invalid(
        `wrote a ${message["type"]} into scope ${scope}, which is not open`,
      );
    }
    if (message["type"] === "node") this.#nodes++;
    return true;
  }

  #scope(message: Message): boolean | IssueMessage {
    const scope = message["scope"];
    if (typeof scope !== "number" || !Number.isSafeInteger(scope)) {
      return this.#invalid("wrote a scope without a number");
    }
    if (message["state"] === "open") return this.#openScope(scope, message);
    if (this.#refused.delete(scope)) return false;
    if (!this.#open.delete(scope)) {
      return this.#invalid(`closed scope ${scope}, which is not open`);
    }
    if (message["state"] === "complete") return true;
    if (message["state"] !== "failed" || !isFailure(message["error"])) {
      return this.#invalid(`closed scope ${scope} without saying how`);
    }
    this.#failedScopes++;
    return true;
  }

  #openScope(scope: number, message: Message): boolean | IssueMessage {
    // Numbers only grow, so that an old one cannot be opened again.
    if (scope <= this.#lastScope) {
      return this.#invalid(`opened scope ${scope} after ${this.#lastScope}`);
    }
    this.#lastScope = scope;
    const { cloud, account, region, kind } = message as unknown as ScopeKey;
    if (typeof region !== "string" || typeof kind !== "string") {
      return this.#invalid(`opened scope ${scope} without region or kind`);
    }
    const { manifest } = this.#rules;
    if (
      cloud === manifest.cloud && account === this.#rules.account &&
      this.#kinds.has(kind)
    ) {
      this.#open.set(scope, { cloud, account, region, kind });
      return true;
    }
    this.#refused.add(scope);
    this.#forgedScopes++;
    return {
      type: "issue",
      level: "error",
      message: `Plugin "${manifest.name}" tried to list what is not its own: ` +
        `cloud "${cloud}", account "${account}", kind "${kind}"; it was refused`,
    };
  }

  /** Closes a scope that its plugin left open. */
  abandon(scope: number): void {
    if (this.#open.delete(scope)) this.#failedScopes++;
  }
}
