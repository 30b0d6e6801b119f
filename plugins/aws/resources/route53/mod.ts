import type { ResourceDeclaration } from "../../declaration.ts";
import { RESOURCE_RECORD } from "./resource_record.ts";
import { RESOURCE_RECORD_SET } from "./resource_record_set.ts";
import { ZONE } from "./zone.ts";

/** The kinds of Route 53, in no order that means anything. */
export const ROUTE53_RESOURCES: readonly ResourceDeclaration[] = [
  RESOURCE_RECORD,
  RESOURCE_RECORD_SET,
  ZONE,
];
