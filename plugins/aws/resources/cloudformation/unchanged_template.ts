import type { JsonObject } from "@skymap/lib/plugin";
import type { Target } from "../../declaration.ts";

type Texts = Readonly<Record<string, string>>;

/** The tags of a stack, or of a set, without some of them. */
export function tagsOf(
  { reported }: Target,
  without: readonly string[] = [],
): Texts {
  return Object.fromEntries(
    Object.entries((reported["tags"] ?? {}) as Texts)
      .filter(([key]) => !without.includes(key)),
  );
}

/**
 * Input of an update that keeps the template and the value of each parameter.
 * `parameters` and `capabilities` name the properties that tell them.
 */
export function unchanged(
  { reported }: Target,
  parameters: string,
  capabilities: string,
): JsonObject {
  return {
    UsePreviousTemplate: true,
    Parameters: Object.keys((reported[parameters] ?? {}) as Texts)
      .map((ParameterKey) => ({ ParameterKey, UsePreviousValue: true })),
    Capabilities: (reported[capabilities] ?? []) as string[],
  };
}
