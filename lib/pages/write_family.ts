/**
 * A family of series as lines of a page. The samples are written the same in
 * both formats, only what is said about them differs.
 *
 * @module
 */

import type { FamilySample, FamilyType, MetricFamily } from "./family.ts";

/** Forms of a page: Prometheus' own text, and OpenMetrics. */
export type PageFormat = "text" | "openmetrics";

/** Units that OpenMetrics is told, when a name ends in them. */
const UNIT = /_(bytes|ratio|seconds)$/;

function escapeHelp(help: string): string {
  return help.replaceAll("\\", "\\\\").replaceAll("\n", "\\n");
}

function escapeValue(value: string): string {
  if (!/[\\"\n]/.test(value)) return value;
  return escapeHelp(value).replaceAll('"', '\\"');
}

/** A value as both formats write it. */
function numberText(value: number): string {
  if (value === Infinity) return "+Inf";
  if (value === -Infinity) return "-Inf";
  return String(value);
}

function textHead({ name, help, type }: MetricFamily): string {
  return `# HELP ${name} ${escapeHelp(help)}\n# TYPE ${name} ${type}\n`;
}

/** What OpenMetrics calls it: its counters are those that end in `_total`. */
function openType({ name, type }: MetricFamily): FamilyType | "unknown" {
  if (type === "untyped") return "unknown";
  return type === "counter" && !name.endsWith("_total") ? "unknown" : type;
}

function openHead(family: MetricFamily): string {
  const type = openType(family);
  const name = type === "counter"
    ? family.name.replace(/_total$/, "")
    : family.name;
  const unit = UNIT.exec(name)?.[1];
  return `# TYPE ${name} ${type}\n` +
    (unit === undefined ? "" : `# UNIT ${name} ${unit}\n`) +
    `# HELP ${name} ${escapeValue(family.help)}\n`;
}

/** What is said about a family, before its samples. */
export function writeHead(family: MetricFamily, format: PageFormat): string {
  return format === "text" ? textHead(family) : openHead(family);
}

/** One sample as a line. */
export function writeSample(
  name: string,
  { name: own = name, labels, value }: FamilySample,
): string {
  let line = own;
  let before = "{";
  for (const label in labels) {
    line += `${before}${label}="${escapeValue(labels[label] ?? "")}"`;
    before = ",";
  }
  return `${line}${before === "{" ? "" : "}"} ${numberText(value)}\n`;
}
