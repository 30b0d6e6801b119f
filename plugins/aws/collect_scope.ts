import type { ScopeWriter } from "@skymap/lib/plugin";
import type { AwsClient } from "./client.ts";
import type {
  EdgeDeclaration,
  Item,
  ResourceDeclaration,
} from "./declaration.ts";
import { detailCalls } from "./detail_calls.ts";
import { listItems } from "./list_items.ts";
import { parsePath, readAll, readFirst } from "./path.ts";
import type { RegionFindings } from "./region_findings.ts";
import { reportedOf } from "./reported_of.ts";
import { idPaths, resourceId } from "./resource_id.ts";
import type { AwsConfig } from "./settings.ts";

/** What a scope is listed with. */
export interface ScopeTools {
  /** Calls AWS for the account. */
  readonly client: AwsClient;
  /** The region. */
  readonly region: string;
  /** What the listings of the region tell each other. */
  readonly findings: RegionFindings;
  /** Switches of further calls. */
  readonly config: Pick<AwsConfig, "collect_instance_user_data">;
}

async function writeEdges(
  scope: ScopeWriter,
  self: { readonly kind: string; readonly id: string },
  edge: EdgeDeclaration,
  item: Item,
): Promise<void> {
  const { except = [] } = edge;
  const deletedFirst = typeof edge.deletedFirst === "function"
    ? edge.deletedFirst(item)
    : edge.deletedFirst;
  const before = "predecessor" in edge;
  const kind = before ? edge.predecessor : edge.successor;
  const ids = new Set(readAll(parsePath(edge.id), item).map(String));
  for (const id of ids) {
    if (id === "" || except.includes(id)) continue;
    const other = { kind, id };
    const [from, to] = before ? [other, self] : [self, other];
    await scope.edge({ from, to });
    if (deletedFirst === undefined) continue;
    // An edge of type delete says: its end must be deleted first.
    const [last, first] = deletedFirst === "self"
      ? [other, self]
      : [self, other];
    await scope.edge({ from: last, to: first, type: "delete" });
  }
}

/** Lists the resources of one kind in one region, and their edges. */
export async function collectScope(
  scope: ScopeWriter,
  resource: ResourceDeclaration,
  { client, config, findings, region }: ScopeTools,
): Promise<void> {
  const { details = [], edges = [], kind, list, zone } = resource;
  const wanted = details.filter(({ option }) =>
    option === undefined || config[option]
  );
  const addDetails = detailCalls(client, region, wanted);
  const zonePath = zone === undefined ? undefined : parsePath(zone);
  for await (const page of listItems(client, region, list, findings)) {
    for (const item of await addDetails(page as readonly Item[])) {
      const id = resourceId(resource, item);
      if (id === undefined) {
        throw new TypeError(
          `Cannot list ${kind} in ${region}: an item has no ${
            idPaths(resource).join(", ")
          }`,
        );
      }
      findings.add(kind, item);
      const at = zonePath && readFirst(zonePath, item);
      await scope.node({
        id,
        ...(typeof at === "string" && at !== "" && { zone: at }),
        reported: reportedOf(resource, id, item),
      });
      for (const edge of edges) {
        await writeEdges(scope, { kind, id }, edge, item);
      }
    }
  }
}
