/** SQL of what a node's containers are called. */
export interface ContainerColumns {
  readonly cloud: string;
  readonly account: string;
  readonly accountName: string;
  readonly region: string;
  readonly regionName: string;
  readonly zone: string;
}

/** A container of a node, when it has one. */
function container(kind: string, id: string, name: string): string {
  return `case when ${id} <> '' then concat('"${kind}":{"reported":{"id":', ` +
    `to_json(${id}), ',"name":', to_json(coalesce(${name}, ${id})), '}}') end`;
}

/**
 * SQL of a node's containers as members of a JSON object, such as
 * `"cloud":{"reported":{"id":"aws","name":"aws"}}`; empty when it has none.
 */
export function ancestorsText(
  { cloud, account, accountName, region, regionName, zone }: ContainerColumns,
): string {
  const containers = [
    container("cloud", cloud, cloud),
    container("account", account, accountName),
    container("region", region, regionName),
    container("zone", zone, zone),
  ];
  return `concat_ws(',', ${containers.join(", ")})`;
}
