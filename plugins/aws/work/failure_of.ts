import type { Failure } from "@skymap/lib/plugin";
import { AwsCallError } from "../aws_error.ts";

/** Why something could not be done, with the IAM action that it takes. */
export function failureOf(thrown: unknown): Failure {
  if (thrown instanceof AwsCallError) {
    const { code, message, permission } = thrown;
    return { code, message, permission };
  }
  return thrown instanceof Error
    ? { code: thrown.name, message: thrown.message }
    : { code: "call_failed", message: String(thrown) };
}
