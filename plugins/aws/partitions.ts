/** A closed part of AWS, with accounts, names and addresses of its own. */
export interface Partition {
  /** Its id, as in ARNs. */
  readonly id: string;
  /** How the ids of its regions begin. */
  readonly prefixes: readonly string[];
  /** A region that is always enabled, to ask what is not regional. */
  readonly home: string;
}

/** The partitions, the public one last: it has the others' leftovers. */
export const PARTITIONS: readonly Partition[] = [
  { id: "aws-us-gov", prefixes: ["us-gov-"], home: "us-gov-west-1" },
  { id: "aws-cn", prefixes: ["cn-"], home: "cn-north-1" },
  {
    id: "aws",
    prefixes: [""],
    home: "us-east-1",
  },
];

/** Where credentials of an unknown partition are tried, most likely first. */
export const HOME_REGIONS: readonly string[] = [
  "us-east-1",
  "us-gov-west-1",
  "cn-north-1",
];

/** The partition of a region. */
export function partitionOf(region: string): Partition {
  const found = PARTITIONS.find(({ prefixes }) =>
    prefixes.some((prefix) => region.startsWith(prefix))
  );
  // The last one takes every region, so there always is one.
  return found as Partition;
}

/** The region where a partition is asked what is not regional. */
export function homeOf(partition: string): string {
  return PARTITIONS.find(({ id }) => id === partition)?.home ?? "us-east-1";
}
