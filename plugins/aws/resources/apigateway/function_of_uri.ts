/** The function that a URI of an integration or an authorizer invokes. */
export function functionOfUri(uri: string): string | undefined {
  return /:function:([^:/]+)/.exec(uri)?.[1];
}
