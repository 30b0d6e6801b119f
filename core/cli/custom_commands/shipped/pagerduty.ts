import type { ShippedCommand } from "../shipped_command.ts";
import { DESCRIBE_ELEMENTS } from "./describe_elements.ts";

/**
 * Posts to version 2 of the Events API of PagerDuty. Events of one `dedup_key`,
 * which holds 255 characters, are one incident.
 */
export const PAGERDUTY: ShippedCommand = {
  name: "pagerduty",
  info: "Triggers an incident of PagerDuty if a search finds anything",
  description:
    `Sends one event with the first 25 elements as its details, and none if there are
none. While an incident is open, further events of the same \`--dedup-key\` (where
none is given: of the same summary) belong to it.`,
  template: String.raw`head 26 | chunk 26
| jq '${DESCRIBE_ELEMENTS}
  {
    routing_key: {{routing_key}},
    event_action: "trigger",
    dedup_key: (
      if {{dedup_key}} == "" then "skymap: " + {{summary}} else {{dedup_key}} end
      | .[0:255]
    ),
    client: "Skymap",
    payload: {
      summary: ({{summary}} | .[0:1024]),
      source: {{source}},
      severity: {{severity}},
      timestamp: "@UTC@",
      component: "skymap",
      custom_details: {resources: told}
    }
  }'
| https POST {{webhook_url}}`,
  parameters: [
    { name: "summary", description: "What has happened" },
    {
      name: "routing_key",
      description: "Integration key of the service; it is a secret",
    },
    { name: "source", description: "What is affected", default: "Skymap" },
    {
      name: "severity",
      description: "critical, error, warning or info",
      default: "warning",
    },
    {
      name: "dedup_key",
      description: "Key of the incident",
      default: "",
    },
    {
      name: "webhook_url",
      description: "Address of the Events API",
      default: "https://events.pagerduty.com/v2/enqueue",
    },
  ],
  allowed_in_source_position: false,
  examples: [
    {
      line:
        'search is(bucket) and public_access = true | pagerduty --summary "Buckets are public" --routing-key KEY --webhook-url https://events.pagerduty.com/v2/enqueue',
      says: "Opens an incident for buckets that anybody may read",
    },
    {
      line:
        'search is(database) and db_publicly_accessible = true | pagerduty --summary "Databases are public" --severity critical --dedup-key public-databases --routing-key KEY --webhook-url https://events.eu.pagerduty.com/v2/enqueue',
      says: "Opens a critical incident once, in the service region Europe",
    },
  ],
};
