/** Path of an organisation, and of what is below it. */
export function orgPath(org: string, rest = ""): string {
  return `/orgs/${encodeURIComponent(org)}${rest}`;
}
