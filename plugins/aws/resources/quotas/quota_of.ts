import type { EdgeDeclaration } from "../../declaration.ts";

/** The quota of the instance types that have a quota of their own, by family. */
const OF_FAMILIES: Readonly<Record<string, string>> = {
  dl: "L-6E869C2A",
  f: "L-74FC7D96",
  g: "L-DB2E81BA",
  gr: "L-DB2E81BA",
  hpc: "L-F7808C92",
  inf: "L-1945791B",
  p: "L-417A185B",
  trn: "L-2C3B7624",
  u: "L-43DA4232",
  vt: "L-DB2E81BA",
  x: "L-7295265B",
};

/** The quota of the families A, C, D, H, I, M, R, T and Z together. */
const STANDARD = "L-1216C47A";
const STANDARD_FAMILY = /^(a|c|d|h|i|im|is|m|r|t|z)\d/;

/** The quota that bounds the running instances of a type, if it is known. */
export function quotaOfInstanceType(type: string): string | undefined {
  if (STANDARD_FAMILY.test(type)) return STANDARD;
  const [family = ""] = /^[a-z]+/.exec(type) ?? [];
  return Object.hasOwn(OF_FAMILIES, family) ? OF_FAMILIES[family] : undefined;
}

/** The quotas of the storage of each type of volumes. */
const OF_VOLUME_TYPES: Readonly<Record<string, string>> = {
  gp2: "L-D18FCD1D",
  gp3: "L-7A658B76",
  io1: "L-FD252861",
  io2: "L-09BD8365",
  sc1: "L-17AF77E8",
  st1: "L-82ACEF56",
  standard: "L-9CF3C2EB",
};

/** The quota that bounds the storage of a type of volumes, if it is known. */
export function quotaOfVolumeType(type: string): string | undefined {
  return Object.hasOwn(OF_VOLUME_TYPES, type)
    ? OF_VOLUME_TYPES[type]
    : undefined;
}

/** The quotas of load balancers by their type. */
const OF_LOAD_BALANCERS: Readonly<Record<string, string>> = {
  application: "L-53DA6B97",
  network: "L-69A177A2",
};

/** The quota that bounds the load balancers of a type, if it is known. */
export function quotaOfLoadBalancer(type: string): string | undefined {
  return Object.hasOwn(OF_LOAD_BALANCERS, type)
    ? OF_LOAD_BALANCERS[type]
    : undefined;
}

/** The quota that bounds how many classic load balancers a region has. */
export const QUOTA_OF_CLASSIC_LOAD_BALANCERS = "L-E9E9831D";

/** The quota that bounds how many VPCs a region has. */
export const QUOTA_OF_VPCS = "L-F678F1CE";

/** The edge from a quota to what it bounds; `id` tells which of the quotas. */
export function boundedBy(
  id: string,
  read: (value: string) => string | undefined,
): EdgeDeclaration {
  return { predecessor: "aws_service_quota", id, read };
}
