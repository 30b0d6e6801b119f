import type { JsonObject, ResourceRef, ScopeWriter } from "@skymap/lib/plugin";
import type {
  DeletedFirst,
  EdgeDeclaration,
  GoesAlong,
  Item,
  ResourceDeclaration,
} from "./declaration.ts";
import { parsePath, readAll } from "./path.ts";
import { resourceId } from "./resource_id.ts";

/** Tag by which CloudFormation says which stack made a resource: its ARN. */
const STACK_TAG = "aws:cloudformation:stack-id";

/** What a search for an id may hold: nothing that would end its text. */
const PLAIN_ID = /^[A-Za-z0-9._:/-]+$/;

/** The kind of stacks. */
const STACK_KIND = "aws_cloudformation_stack";

/** Where the edges of a scope lie. */
export interface EdgeTools {
  /** Account that is collected. */
  readonly account: string;
  /** Region of the scope; empty for what the account has as a whole. */
  readonly region: string;
  /** Kinds that the account has as a whole. */
  readonly globalKinds: ReadonlySet<string>;
  /** Every kind that there is. */
  readonly kinds: ReadonlySet<string>;
}

/** A resource of the scope. */
interface Self {
  readonly kind: string;
  readonly id: string;
}

/** The other end of an edge. */
type Other = Required<Omit<ResourceRef, "cloud">>;

const ACCOUNT_ID = /^\d{12}$/;

/** The other ends that a value stands for. */
function othersOf(
  kind: string,
  value: string,
  { read, except = [] }: EdgeDeclaration,
  { account, globalKinds, region }: EdgeTools,
): Other[] {
  if (value === "" || except.includes(value)) return [];
  const ids = read === undefined ? value : read(value);
  // An ARN says where its resource is, as far as that matters to it.
  const [arn, , , arnRegion = "", arnAccount = ""] = value.split(":");
  const isArn = arn === "arn";
  const at = globalKinds.has(kind)
    ? ""
    : (isArn && arnRegion !== "" ? arnRegion : region);
  // Nobody knows where: what is in a region cannot lie outside of all.
  if (at === "" && !globalKinds.has(kind)) return [];
  return [ids ?? []].flat().filter((id) => id !== "").map((id) => ({
    kind,
    id,
    region: at,
    account: isArn && ACCOUNT_ID.test(arnAccount) ? arnAccount : account,
  }));
}

async function writeEdge(
  scope: ScopeWriter,
  self: Self,
  other: Other,
  before: boolean,
  { deletedFirst, goesAlong, account }: {
    readonly deletedFirst: DeletedFirst | undefined;
    readonly goesAlong: GoesAlong | undefined;
    readonly account: string;
  },
): Promise<void> {
  const write = async (
    from: Self | Other,
    to: Self | Other,
    type?: "delete",
    reported?: JsonObject,
  ): Promise<void> => {
    const kind = type === undefined ? {} : { type };
    if (other.account === account) {
      await scope.edge({
        from,
        to,
        ...kind,
        ...(reported !== undefined && { reported }),
      });
      return;
    }
    // The other end is found when its account has been collected.
    await scope.deferredEdge({
      from: { node_id: scope.nodeId(from) },
      to: { node_id: scope.nodeId(to) },
      ...kind,
    });
  };
  const along = goesAlong === undefined
    ? undefined
    : { goes_along: before === (goesAlong === "self") ? "to" : "from" };
  await (before
    ? write(other, self, undefined, along)
    : write(self, other, undefined, along));
  if (deletedFirst === undefined) return;
  // An edge of type delete says: its end must be deleted first.
  await (deletedFirst === "self"
    ? write(other, self, "delete")
    : write(self, other, "delete"));
}

/** Writes edges to others that may lie anywhere: they are searched for. */
async function writeSearched(
  scope: ScopeWriter,
  self: Self,
  edge: EdgeDeclaration,
  value: string,
  deletedFirst: DeletedFirst | undefined,
): Promise<void> {
  const { read, except = [] } = edge;
  if (value === "" || except.includes(value)) return;
  const before = "predecessor" in edge;
  const kind = before ? edge.predecessor : edge.successor;
  const me = { node_id: scope.nodeId(self) };
  for (const id of [(read === undefined ? value : read(value)) ?? []].flat()) {
    if (!PLAIN_ID.test(id)) continue;
    const other = { search: `is(${kind}) and /reported.id = "${id}"` };
    await scope.deferredEdge(
      before ? { from: other, to: me } : { from: me, to: other },
    );
    if (deletedFirst === undefined) continue;
    await scope.deferredEdge({
      ...deletedFirst === "self"
        ? { from: other, to: me }
        : { from: me, to: other },
      type: "delete",
    });
  }
}

/** The edge from the stack that made a resource, where its tags tell of one. */
const MADE_BY_STACK: EdgeDeclaration = {
  predecessor: STACK_KIND,
  id: `tags[${STACK_TAG}]`,
  goesAlong: "self",
};

/** The values of an item that an edge goes by. */
function valuesOf({ id }: EdgeDeclaration, item: Item): unknown[] {
  if (typeof id === "string") return readAll(parsePath(id), item);
  return [resourceId({ id }, item) ?? []].flat();
}

/** Writes the edges of one resource. */
export async function writeEdges(
  scope: ScopeWriter,
  { edges = [], kind }: Pick<ResourceDeclaration, "edges" | "kind">,
  { id, item, tags }: {
    readonly id: string;
    readonly item: Item;
    readonly tags: unknown;
  },
  tools: EdgeTools,
): Promise<void> {
  const self: Self = { kind, id };
  const stack = (tags as Record<string, unknown> | undefined)?.[STACK_TAG];
  const found: [EdgeDeclaration, unknown[]][] = edges.map((
    edge,
  ) => [edge, valuesOf(edge, item)]);
  if (stack !== undefined && tools.kinds.has(STACK_KIND) && stack !== id) {
    found.push([MADE_BY_STACK, [stack]]);
  }
  for (const [edge, values] of found) {
    const deletedFirst = typeof edge.deletedFirst === "function"
      ? edge.deletedFirst(item)
      : edge.deletedFirst;
    const goesAlong = typeof edge.goesAlong === "function"
      ? edge.goesAlong(item)
      : edge.goesAlong;
    const before = "predecessor" in edge;
    const otherKind = before ? edge.predecessor : edge.successor;
    const { account } = tools;
    for (const value of new Set(values.map(String))) {
      if (edge.anywhere !== undefined) {
        await writeSearched(scope, self, edge, value, deletedFirst);
        continue;
      }
      for (const other of othersOf(otherKind, value, edge, tools)) {
        await writeEdge(scope, self, other, before, {
          deletedFirst,
          goesAlong,
          account,
        });
      }
    }
  }
}
