import { ALERTMANAGER } from "./shipped/alertmanager.ts";
import { DISCORD } from "./shipped/discord.ts";
import { JIRA } from "./shipped/jira.ts";
import { PAGERDUTY } from "./shipped/pagerduty.ts";
import { SLACK } from "./shipped/slack.ts";
import type { ShippedCommand } from "./shipped_command.ts";

/** Commands that stand for lines and come with core, by name. */
export const SHIPPED_COMMANDS: readonly ShippedCommand[] = [
  ALERTMANAGER,
  DISCORD,
  JIRA,
  PAGERDUTY,
  SLACK,
];
