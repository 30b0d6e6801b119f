import type { ReadCall } from "../../declaration.ts";
import { flag, type Properties, time, volatile } from "../../property.ts";

/** How the report names the root user. */
const ROOT = "<root_account>";

/** A value, a quoted one without its quotes; then a comma or the end. */
const VALUE = /("(?:[^"]|"")*"|[^,]*)(?:,|$)/y;

function valuesOf(line: string): string[] {
  const values: string[] = [];
  VALUE.lastIndex = 0;
  while (VALUE.lastIndex < line.length) {
    const [all = "", value = ""] = VALUE.exec(line) ?? [];
    values.push(
      value.startsWith('"') ? value.slice(1, -1).replaceAll('""', '"') : value,
    );
    if (!all.endsWith(",")) break;
  }
  return values;
}

/** Reads the lines of a credential report, as objects by its first line. */
export function readCredentialReport(
  { Content }: Readonly<Record<string, unknown>>,
): { readonly Users: readonly Readonly<Record<string, string>>[] } {
  if (!(Content instanceof Uint8Array)) {
    throw new TypeError("Cannot read the credential report: it has no content");
  }
  const [first = "", ...lines] = new TextDecoder().decode(Content).split(
    /\r?\n/,
  );
  const names = valuesOf(first)
    .map((name) =>
      name.replace(/_([a-z0-9])/g, (_, char) => char.toUpperCase())
    );
  return {
    Users: lines.filter((line) => line !== "").map((line) =>
      Object.fromEntries(
        valuesOf(line).map((value, at) => [names[at] ?? `column${at}`, value]),
      )
    ),
  };
}

/** Whether a line is that of the root user. */
export function isRoot(line: Readonly<Record<string, unknown>>): boolean {
  return line["user"] === ROOT;
}

/**
 * The report of all users' passwords and devices. AWS makes a new one when the
 * last is four hours old: who came since has no line in it.
 */
export const CREDENTIAL_REPORT: ReadCall = {
  service: "iam",
  operation: "GetCredentialReport",
  prepare: {
    service: "iam",
    operation: "GenerateCredentialReport",
    path: "State",
    ready: "COMPLETE",
  },
  read: readCredentialReport,
  result: "Users[*]",
};

/** What the report says of a user; what it does not know is no time. */
export function credentialProperties(prefix = ""): Properties {
  return {
    password_enabled: flag(`${prefix}passwordEnabled`),
    password_last_used: volatile(time(`${prefix}passwordLastUsed`)),
    password_last_changed: time(`${prefix}passwordLastChanged`),
    password_next_rotation: time(`${prefix}passwordNextRotation`),
    mfa_active: flag(`${prefix}mfaActive`),
  };
}
