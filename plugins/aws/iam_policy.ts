import type { JsonObject } from "@skymap/lib/plugin";
import { actionOf, callsOf, type ResourceDeclaration } from "./declaration.ts";
import { REGIONS_CALL } from "./regions.ts";

/** The IAM actions that collecting these kinds needs, sorted. */
export function readActions(
  resources: readonly ResourceDeclaration[],
): string[] {
  const calls = [REGIONS_CALL, ...resources.flatMap(callsOf)];
  return [...new Set(calls.map(actionOf))].sort();
}

/** The least IAM policy to collect these kinds with. */
export function readPolicy(
  resources: readonly ResourceDeclaration[],
): JsonObject {
  return {
    Version: "2012-10-17",
    Statement: [{
      Sid: "SkymapRead",
      Effect: "Allow",
      Action: readActions(resources),
      Resource: "*",
    }],
  };
}
