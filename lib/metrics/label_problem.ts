const LABEL = /^[a-zA-Z_][a-zA-Z0-9_]*$/;

/** Labels that mean something of their own to Prometheus. */
const RESERVED: readonly string[] = ["le", "quantile"];

/** Why a group cannot be a label, to stand behind "which"; undefined if it can. */
export function labelProblem(name: string): string | undefined {
  if (name.startsWith("__") || RESERVED.includes(name)) {
    return `is a label of Prometheus itself, wanted another name: "… as name"`;
  }
  if (LABEL.test(name)) return;
  const last = name.split(/[^a-zA-Z0-9_]+/).findLast((part) =>
    LABEL.test(part)
  );
  return `is no name of a label, wanted "… as ${last ?? "name"}"`;
}
