/**
 * Structured logs on standard error: text on a terminal, else JSON lines.
 *
 * @module
 */

import {
  configure,
  getLogger,
  getStreamSink,
  type Logger,
  type LogLevel,
  type LogRecord,
} from "@logtape/logtape";
import { isSkymapError, SkymapError } from "./errors.ts";

export type { Logger };

/** How much is logged, and how. */
export interface LogOptions {
  /** More than usual: `debug`. Default: false. */
  readonly verbose?: boolean;
  /** Less than usual: `error`. Wins over `verbose`. Default: false. */
  readonly quiet?: boolean;
  /** `text` for people, `json` for programs. Default: text on a terminal. */
  readonly format?: "text" | "json";
}

const SECRET = /psk|secret|token|password|credential|authorization/i;

/** The properties with whatever looks like a secret struck out. */
export function redact(
  properties: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(properties).map(([key, value]) => [
      key,
      SECRET.test(key) ? "***" : value,
    ]),
  );
}

/** Causes of causes that are told. */
const MAX_CAUSES = 5;

/**
 * An error as JSON, which would tell nothing of it: what it is, why, and where
 * it was thrown if nobody foresaw it.
 */
function errorFacts(error: Error, depth = 0): Record<string, unknown> {
  const { name, message, stack, cause } = error;
  const code: unknown = "code" in error ? error.code : undefined;
  const isForeseen = error instanceof SkymapError;
  return {
    name,
    ...(code !== undefined && { code }),
    message,
    ...(!isForeseen && depth === 0 && stack !== undefined && { stack }),
    ...(cause instanceof Error && depth < MAX_CAUSES && {
      cause: errorFacts(cause, depth + 1),
    }),
  };
}

/** A value within a message. */
function valueText(value: unknown): string {
  if (typeof value === "string") return value;
  if (isSkymapError(value)) return `${value.message} (${value.code})`;
  return value instanceof Error
    ? `${value.name}: ${value.message}`
    : String(JSON.stringify(value));
}

/** The message with its values in place, as text. */
function messageText({ message }: LogRecord): string {
  return message.map(valueText).join("");
}

function formatText(record: LogRecord): string {
  const at = new Date(record.timestamp).toISOString().slice(11, 19);
  const area = record.category.join("/");
  const level = record.level === "info" ? "" : `${record.level.toUpperCase()} `;
  // So that no text that comes from outside begins a line that looks like ours.
  const text = messageText(record).replaceAll("\n", "\n  ");
  return `${at} ${area}: ${level}${text}\n`;
}

/** `{"at":…,"level":…,"area":…,"message":…}` and the record's properties. */
function formatJson(record: LogRecord): string {
  const { timestamp, level, category, properties } = record;
  return `${
    JSON.stringify({
      at: new Date(timestamp).toISOString(),
      level,
      area: category.join("/"),
      message: messageText(record),
      ...properties,
    }, (_key, value) => value instanceof Error ? errorFacts(value) : value)
  }\n`;
}

/** Sets the log up, once per process, before the first line is logged. */
export async function configureLog(options: LogOptions = {}): Promise<void> {
  const level: LogLevel = options.quiet
    ? "error"
    : options.verbose
    ? "debug"
    : "info";
  const format = options.format ??
    (Deno.stderr.isTerminal() ? "text" : "json");
  const formatter = format === "json" ? formatJson : formatText;
  const sink = getStreamSink(
    new WritableStream<Uint8Array>({
      // Written at once: a line must not be lost when the process is killed.
      write(chunk) {
        for (let at = 0; at < chunk.length;) {
          at += Deno.stderr.writeSync(chunk.subarray(at));
        }
      },
    }),
    {
      formatter: (record: LogRecord) =>
        formatter({ ...record, properties: redact(record.properties) }),
    },
  );
  await configure({
    reset: true,
    sinks: { stderr: sink },
    loggers: [
      { category: [], lowestLevel: level, sinks: ["stderr"] },
      { category: ["logtape", "meta"], lowestLevel: "warning", sinks: [] },
    ],
  });
}

/** The logger of an area, such as `core/graph`. */
export function logger(area: string): Logger {
  return getLogger(area.split("/"));
}
