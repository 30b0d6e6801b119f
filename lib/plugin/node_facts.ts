import type { Json } from "../json.ts";
import type { GraphNode } from "./contract.ts";
import { isJsonObject, textOf } from "./json_value.ts";

/** Where a node lies, by the ids of its provider. */
export interface NodePlace {
  /** Cloud id. */
  readonly cloud: string | undefined;
  /** Account id. */
  readonly account: string | undefined;
  /** Region id; undefined for what is in none. */
  readonly region: string | undefined;
}

function ancestorId(node: GraphNode, which: string): string | undefined {
  const ancestor: Json | undefined = node.ancestors?.[which];
  if (!isJsonObject(ancestor)) return;
  const { reported } = ancestor;
  return isJsonObject(reported) ? textOf(reported["id"]) : undefined;
}

/** Where a node of the graph lies. */
export function placeOf(node: GraphNode): NodePlace {
  return {
    cloud: ancestorId(node, "cloud"),
    account: ancestorId(node, "account"),
    region: ancestorId(node, "region"),
  };
}

/** The value of a node's tag, or undefined. */
export function tagOf(node: GraphNode, name: string): string | undefined {
  const { tags } = node.reported;
  if (!isJsonObject(tags) || !Object.hasOwn(tags, name)) return;
  const value = tags[name];
  return typeof value === "string" ? value : undefined;
}

/** A text as a value of a search: quoted, whatever is in it. */
export function quoted(text: string): string {
  return JSON.stringify(text);
}
