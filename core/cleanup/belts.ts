/**
 * What the configuration keeps from being deleted.
 *
 * @module
 */

import { PHANTOM_KIND } from "@skymap/lib/resource";
import type { CleanupConfig } from "../config/cleanup_section.ts";
import type { KindRegistry } from "../model/kind_registry.ts";
import type { MarkedNode, Obstacle } from "./plan.ts";

/** What is protected, of a configuration. */
export type Protection = Pick<
  CleanupConfig,
  | "accounts"
  | "protected_accounts"
  | "protected_kinds"
  | "protected_tags"
  | "protected_ids"
>;

/** What a tag of the configuration stands for. */
interface TagPattern {
  readonly text: string;
  readonly name: string;
  readonly value: RegExp | undefined;
}

function patternOf(text: string): TagPattern {
  const at = text.indexOf("=");
  const name = (at === -1 ? text : text.slice(0, at)).trim().toLowerCase();
  if (at === -1) return { text, name, value: undefined };
  const escaped = text.slice(at + 1).trim().split("*")
    .map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return { text, name, value: new RegExp(`^${escaped.join("[^]*")}$`, "i") };
}

function belt(name: string, message: string): Obstacle {
  return { reason: "belt", message: `${message} (${name})` };
}

/** What a key stands for, found out once. */
function once(
  known: Map<string, Obstacle | undefined>,
  key: string,
  find: () => Obstacle | undefined,
): Obstacle | undefined {
  if (!known.has(key)) known.set(key, find());
  return known.get(key);
}

/** What the configuration keeps from being deleted. */
export class Belts {
  readonly #config: Protection;
  readonly #kinds: Pick<KindRegistry, "kindsOf" | "declaration">;
  readonly #tags: readonly TagPattern[];
  readonly #accounts: ReadonlySet<string>;
  readonly #protectedAccounts: ReadonlySet<string>;
  readonly #protectedKinds: ReadonlySet<string>;
  readonly #protectedIds: ReadonlySet<string>;
  readonly #ofKinds = new Map<string, Obstacle | undefined>();
  readonly #ofAccounts = new Map<string, Map<string, Obstacle | undefined>>();

  /** Takes the configuration, and the kinds of a graph. */
  constructor(
    config: Protection,
    kinds: Pick<KindRegistry, "kindsOf" | "declaration">,
  ) {
    this.#config = config;
    this.#kinds = kinds;
    this.#tags = config.protected_tags.map(patternOf);
    this.#accounts = new Set(config.accounts);
    this.#protectedAccounts = new Set(
      config.protected_accounts.map((name) => name.toLowerCase()),
    );
    this.#protectedKinds = new Set(config.protected_kinds);
    this.#protectedIds = new Set(config.protected_ids);
  }

  /** Names of tags that may protect, in lower case. */
  get tagNames(): readonly string[] {
    return [...new Set(this.#tags.map(({ name }) => name))];
  }

  /** Why a node must not be deleted by itself, if it must not. */
  obstacle(node: MarkedNode): Obstacle | undefined {
    if (node.isProtected) {
      return { reason: "protected", message: "it is protected" };
    }
    const { kind, account, accountName } = node;
    let names = this.#ofAccounts.get(account);
    if (names === undefined) this.#ofAccounts.set(account, names = new Map());
    return once(this.#ofKinds, kind, () => this.#kind(kind)) ??
      once(names, accountName, () => this.#account(account, accountName)) ??
      this.#id(node) ?? this.#tag(node);
  }

  #kind(kind: string): Obstacle | undefined {
    const kinds = this.#kinds.kindsOf(kind);
    if (kinds.includes(PHANTOM_KIND)) {
      return {
        reason: "kind",
        message: `a ${kind} is nothing that can be deleted`,
      };
    }
    const found = kinds.find((each) => this.#protectedKinds.has(each));
    if (found !== undefined) {
      const why = found === kind ? "" : `, for it is a ${found}`;
      return belt("protected_kinds", `kind ${kind} is protected${why}`);
    }
    const operations = this.#kinds.declaration(kind)?.operations ?? [];
    if (operations.includes("delete")) return;
    return {
      reason: "kind",
      message: `no plugin says that it can delete a ${kind}`,
    };
  }

  #account(account: string, accountName: string): Obstacle | undefined {
    const shown = accountName === account
      ? account
      : `${account} (${accountName})`;
    const isProtected = [account, accountName].some((name) =>
      this.#protectedAccounts.has(name.toLowerCase())
    );
    if (isProtected) {
      return belt("protected_accounts", `account ${shown} is protected`);
    }
    if (this.#accounts.has(account) && account !== "") return;
    const why = this.#config.accounts.length === 0
      ? "no account is opened for cleanups"
      : `account ${shown} is not opened for cleanups`;
    return belt("accounts", why);
  }

  #id({ node, id }: MarkedNode): Obstacle | undefined {
    // A look into an empty set costs the hash of a text that has none yet.
    if (this.#protectedIds.size === 0) return;
    const found = [node, id].find((each) => this.#protectedIds.has(each));
    if (found === undefined) return;
    return belt("protected_ids", `id ${found} is protected`);
  }

  #tag({ tags }: MarkedNode): Obstacle | undefined {
    for (const [name, value] of Object.entries(tags)) {
      const found = this.#tags.find((pattern) =>
        pattern.name === name.toLowerCase() &&
        (pattern.value?.test(value) ?? true)
      );
      if (found === undefined) continue;
      return belt("protected_tags", `its tag ${name}=${value} protects it`);
    }
  }
}
