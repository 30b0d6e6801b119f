import type {
  CollectContext,
  FoundEdge,
  FoundNode,
  ScopeWriter,
} from "@skymap/lib/plugin";
import { type DemoConfig, REGION_NAMES } from "./settings.ts";

/** A resource and the edges that it brings. */
export interface Listed {
  readonly node: FoundNode;
  readonly edges?: readonly FoundEdge[];
}

const PAGE = 100;

/** A call that the demo cloud refused, as a real one would. */
class RefusedError extends Error {
  readonly code = "AccessDenied";
  readonly permission: string;

  constructor(kind: string) {
    const action = kind.replace("demo_", "").replaceAll("_", "-");
    super(`Not allowed to perform demo:list-${action}`);
    this.permission = `demo:list-${action}`;
  }
}

function matches(pattern: string, path: string): boolean {
  const parts = pattern.split("*").map((part) =>
    part.replace(/[.+?^${}()|[\]\\]/g, "\\$&")
  );
  return new RegExp(`^${parts.join(".*")}$`).test(path);
}

/** Whether the operator wants a listing to fail. */
export function isToFail(
  patterns: readonly string[],
  account: string,
  region: string,
  kind: string,
): boolean {
  return patterns.some((pattern) =>
    matches(pattern, `${account}/${region}/${kind}`)
  );
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const stop = () => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener("abort", stop);
      resolve();
    }, milliseconds);
    signal.addEventListener("abort", stop, { once: true });
  });
}

/** Lists one kind of one region, page by page, as from an API. */
export async function listScope(
  context: CollectContext<DemoConfig>,
  kind: string,
  region: string,
  resources: Iterable<Listed>,
): Promise<void> {
  const { config, account, signal } = context;
  const failing = isToFail(config.fail, account.id, region, kind);
  const place = region === "" ? { kind } : {
    kind,
    region,
    regionName: REGION_NAMES[region] ?? region,
  };
  await context.scope(place, async (found: ScopeWriter) => {
    let count = 0;
    for (const { node, edges = [] } of resources) {
      if (count % PAGE === 0) {
        if (config.latency_ms > 0) await pause(config.latency_ms, signal);
        else signal.throwIfAborted();
      }
      // The second page, or half of the first one, is what cannot be read.
      if (failing && count === PAGE / 2) throw new RefusedError(kind);
      count++;
      await found.node(node);
      for (const edge of edges) await found.edge(edge);
    }
    if (failing) throw new RefusedError(kind);
  });
}
