/** The id of a zone, which Route 53 also writes as `/hostedzone/Z1`. */
export function zoneId(value: string): string {
  return value.slice(value.lastIndexOf("/") + 1);
}
