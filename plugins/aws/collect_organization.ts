import type { CollectContext, ScopeWriter } from "@skymap/lib/plugin";
import type { Organization } from "./account_facts.ts";
import type { AwsClient, PagedCall } from "./client.ts";
import { ACCOUNT_KIND, ROOT_KIND, UNIT_KIND } from "./kinds.ts";
import { parsePath, readFirst } from "./path.ts";

function paged(operation: string, result: string): PagedCall {
  return {
    service: "organizations",
    operation,
    result,
    pages: { input: "NextToken", output: "NextToken" },
  };
}

const ROOTS = paged("ListRoots", "Roots[*]");
const UNITS = paged(
  "ListOrganizationalUnitsForParent",
  "OrganizationalUnits[*]",
);
const MEMBERS = paged("ListAccountsForParent", "Accounts[*]");

/** The calls that tell how an organisation is built. */
export const ORGANIZATION_CALLS: readonly PagedCall[] = [
  ROOTS,
  UNITS,
  MEMBERS,
];

/** A root or a unit. */
interface Part {
  readonly kind: string;
  readonly id: string;
  readonly name: string;
  readonly arn: string;
  readonly parent?: Part;
  readonly accounts: readonly string[];
}

const field = (name: string, item: unknown) =>
  String(readFirst(parsePath(name), item) ?? "");

/** The roots of an organisation, each followed by all units below it. */
async function partsOf(client: AwsClient, region: string): Promise<Part[]> {
  const parts: Part[] = [];
  async function items(
    call: PagedCall,
    parent?: Pick<Part, "id">,
  ): Promise<unknown[]> {
    const input = parent === undefined ? {} : { ParentId: parent.id };
    const pages = await Array.fromAsync(client.pages(region, call, input));
    return pages.flat();
  }
  async function add(kind: string, item: unknown, parent?: Part) {
    const id = field("Id", item);
    const members = await items(MEMBERS, { id });
    const part: Part = {
      kind,
      id,
      name: field("Name", item),
      arn: field("Arn", item),
      ...(parent !== undefined && { parent }),
      accounts: members.map((account) => field("Id", account)),
    };
    parts.push(part);
    for (const unit of await items(UNITS, part)) {
      await add(UNIT_KIND, unit, part);
    }
  }
  for (const root of await items(ROOTS)) await add(ROOT_KIND, root);
  return parts;
}

async function writePart(
  scope: ScopeWriter,
  { accounts, arn, id, kind, name, parent }: Part,
): Promise<void> {
  await scope.node({ id, reported: { name: name || id, arn } });
  const self = { kind, id };
  if (parent !== undefined) {
    await scope.edge({ from: { kind: parent.kind, id: parent.id }, to: self });
  }
  for (const account of accounts) {
    const member = { kind: ACCOUNT_KIND, id: account, account };
    // They are other accounts, found when all are collected.
    await scope.deferredEdge({
      from: { node_id: scope.nodeId(self) },
      to: { node_id: scope.nodeId(member) },
    });
  }
}

/**
 * Collects the roots and units of the organisation that this account manages;
 * those of other accounts are told by the one that does.
 */
export async function collectOrganization(
  { account, scope }: CollectContext<unknown>,
  client: AwsClient,
  region: string,
  organization: () => Promise<Organization | undefined>,
): Promise<void> {
  const own = client.forKind(ROOT_KIND);
  const parts = (async () => {
    const found = await organization();
    return found?.master === account.id ? await partsOf(own, region) : [];
  })();
  // Told by the scopes.
  parts.catch(() => {});
  for (const kind of [ROOT_KIND, UNIT_KIND]) {
    await scope({ kind }, async (found) => {
      try {
        for (const part of await parts) {
          if (part.kind === kind) await writePart(found, part);
        }
      } finally {
        if (kind === ROOT_KIND) found.usage(own.usage);
      }
    });
  }
}
