import type { ScopeWriter } from "@skymap/lib/plugin";
import type { AwsClient } from "./client.ts";
import type { Item, ResourceDeclaration } from "./declaration.ts";
import { DeniedDetails } from "./denied_details.ts";
import { detailCalls, type OnMissed } from "./detail_calls.ts";
import { type ItemPlace, placed } from "./item_place.ts";
import { listItems } from "./list_items.ts";
import { parsePath, readFirst } from "./path.ts";
import type { RegionFindings } from "./region_findings.ts";
import { reportedOf } from "./reported_of.ts";
import { idPaths, resourceId } from "./resource_id.ts";
import type { AwsConfig } from "./settings.ts";
import { type EdgeTools, writeEdges } from "./write_edges.ts";

/** What a scope is listed with. */
export interface ScopeTools {
  /** Calls AWS for the account. */
  readonly client: AwsClient;
  /** Where it is listed. */
  readonly place: ItemPlace;
  /** What the listings of the region tell each other. */
  readonly findings: RegionFindings;
  /** Switches of further calls. */
  readonly config: Pick<AwsConfig, "collect_instance_user_data">;
  /** Is told of details that a kind is complete without. */
  readonly missed?: OnMissed;
  /** Whether such details were missed before, in this account. */
  readonly isMissed?: (what: string) => boolean;
}

/** A listing that was begun: AWS has answered, so it is worth a scope. */
export interface BegunListing {
  /** Writes what was found, and asks for the rest. */
  write(
    scope: ScopeWriter,
    edges: Omit<EdgeTools, "account">,
  ): Promise<void>;
}

/**
 * Begins to list the resources of one kind in one region.
 *
 * @throws {AwsCallError} If AWS does not answer.
 */
export async function beginListing(
  resource: ResourceDeclaration,
  tools: ScopeTools,
): Promise<BegunListing> {
  const { details = [], kind, list, zone } = resource;
  const { client, config, findings, isMissed, missed, place } = tools;
  const zonePath = zone === undefined ? undefined : parsePath(zone);
  const wanted = details.filter(({ option }) =>
    option === undefined || config[option]
  );
  const denied = new DeniedDetails();
  const options = { missed, isMissed, denied };
  const addDetails = detailCalls(client, place.region, wanted, options);
  const pages = listItems(client, place.region, list, findings);
  let page = await pages.next();
  async function writeItem(
    scope: ScopeWriter,
    item: Item,
    edges: EdgeTools,
  ): Promise<void> {
    const id = resourceId(resource, item);
    if (id === undefined) {
      // An id that only details tell: it went away between two calls.
      if (idPaths(resource).every((path) => path.startsWith("$"))) return;
      throw new TypeError(
        `Cannot list ${kind} in ${place.region}: an item has no ${
          idPaths(resource).join(", ")
        }`,
      );
    }
    findings.add(kind, item);
    const at = zonePath && readFirst(zonePath, item);
    const reported = reportedOf(resource, id, item);
    await scope.node({
      id,
      ...(typeof at === "string" && at !== "" && { zone: at }),
      reported,
    });
    const { tags } = reported;
    await writeEdges(scope, resource, { id, item, tags }, edges);
  }
  return {
    async write(scope, edges) {
      const { account } = place;
      for (; !page.done; page = await pages.next()) {
        for (const item of await addDetails(placed(page.value, place))) {
          await writeItem(scope, item, { ...edges, account });
        }
      }
      const { failure } = denied;
      if (failure !== undefined) throw failure;
    },
  };
}
