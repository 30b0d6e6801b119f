import { isObject } from "@skymap/lib/json";
import type { Failure } from "@skymap/lib/plugin_host";
import { plainLine, plainText } from "./plain_text.ts";

/** Characters of a code or a permission at most. */
const MAX_NAME = 500;

/** Characters of a reason at most. */
const MAX_MESSAGE = 4_000;

/**
 * What a plugin tells of a failure, as a ledger can keep it; undefined when it
 * tells nothing.
 */
export function plainFailure(value: unknown): Failure | undefined {
  if (!isObject(value)) return;
  const { code, message, permission } = value;
  if (typeof code !== "string" || typeof message !== "string") return;
  return {
    code: plainLine(code, MAX_NAME),
    message: plainText(message, MAX_MESSAGE),
    ...(typeof permission === "string" && {
      permission: plainLine(permission, MAX_NAME),
    }),
  };
}
