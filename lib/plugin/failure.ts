import type { Failure } from "./messages.ts";

const MAX_MESSAGE = 2_000;

function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** The messages of an error and its causes, each told once. */
function messages(thrown: unknown): string {
  const parts: string[] = [];
  let current = thrown;
  for (let depth = 0; depth < 5 && current instanceof Error; depth++) {
    const { message } = current;
    const said = message !== "" ? message : current.name;
    if (!parts.some((part) => part.includes(said))) parts.push(said);
    current = current.cause ??
      (current instanceof AggregateError ? current.errors[0] : undefined);
  }
  return parts.join(": ") || String(thrown);
}

/**
 * Why something failed, from what was thrown: `code` or else the error's name,
 * its message with those of its causes, and `permission` when it has one.
 */
export function failureOf(thrown: unknown): Failure {
  const {
    code,
    name,
    permission,
  } = (typeof thrown === "object" && thrown !== null ? thrown : {}) as Record<
    string,
    unknown
  >;
  const needed = text(permission);
  return {
    code: text(code) ??
      (name === "Error" ? undefined : text(name)) ?? "collect_failed",
    message: messages(thrown).slice(0, MAX_MESSAGE),
    ...(needed !== undefined && { permission: needed }),
  };
}
