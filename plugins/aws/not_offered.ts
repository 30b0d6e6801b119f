import { AwsCallError } from "./aws_error.ts";

/** Codes that say that a service, or the call, is not there in a region. */
const NOT_OFFERED: ReadonlySet<string> = new Set([
  "InvalidAction",
  "OptInRequired",
  "SubscriptionRequiredException",
  "UnknownOperationException",
  "UnsupportedOperation",
  "UnsupportedOperationException",
]);

const SAID = /not (yet )?(supported|available) in (this|the( \S+)?) region/i;

/**
 * Whether a service is not there in the region that was asked: its host does not
 * exist, or it says so. That keys are not valid is no such word: it may be there,
 * with resources in it.
 */
export function isNotOffered(error: unknown): boolean {
  if (!(error instanceof AwsCallError)) return false;
  return error.code === "ENOTFOUND" || NOT_OFFERED.has(error.code) ||
    SAID.test(error.message);
}
