import type { ResourceDeclaration } from "../../declaration.ts";

/**
 * Input that makes a listing of EC2 give one resource: a filter, because lists of
 * ids cannot be asked for page by page, and fail when there is no such id.
 */
export function onlyOne(
  filter: string,
  member: "Filters" | "Filter" = "Filters",
): NonNullable<ResourceDeclaration["one"]> {
  return ({ id }) => ({ [member]: [{ Name: filter, Values: [id] }] });
}
