import type { ShippedCommand } from "../shipped_command.ts";

/**
 * Posts to version 2 of the API of Alertmanager. Alertmanager takes an alert for
 * resolved when `endsAt` is over: a job that runs more often keeps it firing.
 */
export const ALERTMANAGER: ShippedCommand = {
  name: "alertmanager",
  info: "Fires an alert of Prometheus Alertmanager if a search finds anything",
  description:
    `Sends one alert with the number of resources that the search before it finds,
and none if it finds nothing. The alert ends by itself after \`--duration\`; run it
again before that, from a job, to keep it firing.`,
  template: String.raw`aggregate sum(1) as count
| jq 'select((.count // 0) > 0) | [{
    labels: {alertname: {{name}}, severity: {{severity}}, issued_by: "skymap"},
    annotations: {
      summary: "\(.count) resources: {{name}}",
      description: {{description}}
    },
    startsAt: "@UTC@",
    endsAt: {{duration.from_now}}
  }]'
| http {{#auth}}--auth {{auth}} {{/auth}}POST {{alertmanager_url}}/api/v2/alerts`,
  parameters: [
    {
      name: "name",
      description: "Name of the alert: its label alertname",
    },
    {
      name: "alertmanager_url",
      description: "URL of Alertmanager, such as http://alerts.internal:9093",
    },
    {
      name: "description",
      description: "What the alert is about",
      default: "",
    },
    { name: "severity", description: "Label severity", default: "warning" },
    {
      name: "duration",
      description: "How long the alert fires unless it is sent again",
      default: "3h",
    },
    {
      name: "auth",
      description: "User and password as user:password",
      default: "",
    },
  ],
  allowed_in_source_position: false,
  examples: [
    {
      line:
        "search is(volume) and volume_status = available | alertmanager --name UnusedVolumes --alertmanager-url https://alerts.example.com",
      says: "Raises an alert while there are volumes that nobody uses",
    },
    {
      line:
        "search is(bucket) and public_access = true | alertmanager --name PublicBuckets --severity critical --duration 1h --alertmanager-url https://alerts.example.com",
      says: "Raises a critical alert that lasts for an hour",
    },
  ],
};
