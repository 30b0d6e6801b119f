/**
 * The nodes that core makes itself: the root, and one for each cloud.
 *
 * @module
 */

import { hashText, ROOT_ID } from "@skymap/lib/ids";
import { canonicalJson } from "@skymap/lib/json";
import { readScopes } from "../index/stored_scopes.ts";
import { type GraphParts, holdScope, writeNow } from "./graph_parts.ts";
import { cloudNodeId, cloudScope, ROOT_SCOPE } from "./scope_key.ts";

/** Makes them when they are needed first, and once. */
export class OwnNodes {
  readonly #parts: GraphParts;
  readonly #made = new Map<string, Promise<void>>();

  /** Takes the graph that they belong to. */
  constructor(parts: GraphParts) {
    this.#parts = parts;
  }

  /** Makes the nodes of root and cloud, unless they are there. */
  ensure(cloud: string, run: string | null): Promise<void> {
    let made = this.#made.get(cloud);
    if (made === undefined) {
      made = this.#make(cloud, run);
      this.#made.set(cloud, made);
      made.catch(() => this.#made.delete(cloud));
    }
    return made;
  }

  /** A cloud's node was deleted: it has to be made again when it is needed. */
  forget(cloud: string): void {
    this.#made.delete(cloud);
  }

  async #make(cloud: string, run: string | null): Promise<void> {
    const isRoot = cloud === "";
    if (!isRoot) await this.ensure("", run);
    const key = isRoot ? ROOT_SCOPE : cloudScope(cloud);
    const name = isRoot ? "root" : cloud;
    const { reader, model, now, nextScope } = this.#parts;
    await holdScope(this.#parts, key, async () => {
      const [row] = await reader.ask(
        "read the ledger",
        (connection) => readScopes(connection, key),
      );
      if (row !== undefined && row.count > 0) return;
      const reported = { id: name, kind: key.kind, name };
      const text = canonicalJson(reported);
      const at = now().toISOString();
      await writeNow(this.#parts, {
        scope: { sid: row?.sid ?? nextScope(), ...key },
        kinds: model.kindsOf(key.kind),
        accountName: "",
        regionName: "",
        run,
        parent: isRoot ? null : ROOT_ID,
        nodes: [{
          id: isRoot ? ROOT_ID : cloudNodeId(cloud),
          hash: hashText(text),
          zone: null,
          text,
          reported,
          mode: "new",
        }],
        goneNodes: [],
        edges: [],
        goneEdges: [],
        state: {
          status: "complete",
          error: null,
          since: at,
          lastAttempt: at,
          lastSuccess: at,
          count: 1,
          durationMs: 0,
          edges: "",
        },
        before: row ?? null,
      });
    });
  }
}
