import { isObject } from "@skymap/lib/json";
import type { IssueMessage } from "@skymap/lib/plugin_host";
import { plainText } from "./plain_text.ts";

/** Characters of a message at most. */
const MAX_MESSAGE = 4_000;

/** Characters of the details at most, as JSON. */
const MAX_DETAILS = 16_000;

/** Issues of one process that are told: a run keeps those of all plugins. */
const MAX_ISSUES = 200;

const LEVELS: readonly unknown[] = ["info", "warning", "error"];

/** Lets so many issues of one process pass that people can read them. */
export class IssueFilter {
  readonly #plugin: string;
  #count = 0;

  /** Takes the name of the plugin, for the last message. */
  constructor(plugin: string) {
    this.#plugin = plugin;
  }

  /** The issue as it can be told; undefined when it is left out. */
  take(
    { level, message, details }: Readonly<Record<string, unknown>>,
  ): IssueMessage | undefined {
    const count = ++this.#count;
    if (count > MAX_ISSUES) return;
    if (count === MAX_ISSUES) {
      return {
        type: "issue",
        level: "warning",
        message: `Further messages of plugin "${this.#plugin}" are left out: ` +
          `it wrote ${MAX_ISSUES} already`,
      };
    }
    const long = JSON.stringify(details)?.length ?? 0;
    return {
      type: "issue",
      level: LEVELS.includes(level) ? level as IssueMessage["level"] : "error",
      message: plainText(
        typeof message === "string" ? message : "an issue without a message",
        MAX_MESSAGE,
      ),
      ...(isObject(details) && {
        details: long <= MAX_DETAILS
          ? details as NonNullable<IssueMessage["details"]>
          : { left_out: `${long} characters` },
      }),
    };
  }
}
