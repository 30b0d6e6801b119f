/**
 * The cloud that `load_bench.ts` loads: 100,000 nodes with about 20 properties
 * each, and 200,000 edges, the containment of each node included.
 *
 * @module
 */

import type { ModelUpdate } from "@skymap/lib/client";
import { nodeId } from "@skymap/lib/ids";
import type { JsonObject } from "@skymap/lib/json";
import type { MergeMessage, ScopeKey } from "@skymap/lib/plugin_host";

const ACCOUNTS = 5;
const REGIONS = 4;
const KINDS = ["a", "b", "c", "d", "e"].map((name) => `load_instance_${name}`);

/** Nodes of one account, region and kind. */
const SCOPE_NODES = 1_000;

/** Resources in all, without the nodes of accounts and regions. */
export const NODES: number = ACCOUNTS * REGIONS * KINDS.length * SCOPE_NODES;

/** Kinds of the cloud. */
export const MODEL: ModelUpdate = {
  plugin: {
    name: "load",
    version: "1.0.0",
    cloud: "load",
    containers: { account: "load_account", region: "load_region" },
    kinds: [
      { name: "load_account", bases: ["account"] },
      { name: "load_region", bases: ["region"] },
      ...KINDS.map((name) => ({
        name,
        bases: ["instance"],
        allowUnknown: true,
      })),
    ],
  },
};

function resource(n: number, id: string, region: string): JsonObject {
  return {
    id,
    name: `name ${n}`,
    ctime: "2026-01-01T00:00:00Z",
    tags: {
      owner: `owner-${n % 100}`,
      "cloud:stack": `stack-${n % 1_000}`,
      env: n % 2 === 1 ? "prod" : "dev",
    },
    instance_cores: n % 64,
    instance_memory: n % 128,
    instance_type: "m5.large",
    instance_status: "running",
    az: `${region}a`,
    image: "ami-0123456789abcdef0",
    interfaces: [{
      mac: "00:11:22:33:44:55",
      ip: `10.0.${n % 256}.1`,
      groups: ["sg-1", "sg-2"],
      attached: { at: "2026-01-01T00:00:00Z", on: true, index: 0 },
    }],
    options: { ebs: true, spot: false, key: null, note: `text ${n}` },
    devices: [{ name: "/dev/sda1", volume: `vol-${n}`, keep: n % 3 === 0 }],
  };
}

function* messages(): Generator<MergeMessage> {
  let scope = 0;
  let n = 0;
  for (let a = 0; a < ACCOUNTS; a++) {
    const account = `account-${a}`;
    const open = (kind: string, region: string): MergeMessage => ({
      type: "scope",
      scope: ++scope,
      state: "open",
      cloud: "load",
      account,
      region,
      kind,
    });
    const node = (id: string, reported: JsonObject): MergeMessage => ({
      type: "node",
      scope,
      id,
      reported,
    });
    const complete = (): MergeMessage => ({
      type: "scope",
      scope,
      state: "complete",
    });
    yield open("load_account", "");
    yield node(account, { name: account });
    yield complete();
    yield open("load_region", "");
    for (let r = 0; r < REGIONS; r++) {
      yield node(`region-${r}`, { name: `region-${r}` });
    }
    yield complete();
    for (let r = 0; r < REGIONS; r++) {
      const region = `region-${r}`;
      for (const kind of KINDS) {
        const key: ScopeKey = { cloud: "load", account, region, kind };
        yield open(kind, region);
        let before: string | undefined;
        for (let k = 0; k < SCOPE_NODES; k++) {
          const id = `i-${(++n).toString(16).padStart(17, "0")}`;
          yield node(id, resource(n, id, region));
          const to = nodeId({ ...key, id });
          if (before !== undefined) {
            yield { type: "edge", scope, from: before, to };
          }
          before = to;
        }
        yield complete();
      }
    }
  }
  yield { type: "end" };
}

/** The cloud as chunks of a merge stream, made beforehand. */
export function makeChunks(): Uint8Array<ArrayBuffer>[] {
  const encoder = new TextEncoder();
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let text = "";
  for (const message of messages()) {
    text += `${JSON.stringify(message)}\n`;
    if (text.length < 65_536) continue;
    chunks.push(encoder.encode(text));
    text = "";
  }
  chunks.push(encoder.encode(text));
  return chunks;
}
