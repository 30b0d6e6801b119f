import type { ShippedCommand } from "../shipped_command.ts";
import { DESCRIBE_ELEMENTS } from "./describe_elements.ts";

/**
 * Posts to version 2 of the REST API of Jira, whose descriptions are plain text,
 * with Jira Cloud as with Jira Data Center. Summaries hold 255 characters, on one
 * line.
 */
export const JIRA: ShippedCommand = {
  name: "jira",
  info: "Creates an issue of Jira with what a search finds",
  description:
    `Creates one issue whose description has a line for each of the first 25 elements,
and none if there are none.`,
  template: String.raw`head 26 | chunk 26
| jq '${DESCRIBE_ELEMENTS}
  told as $lines | {fields: (
    {
      project: {key: {{project_key}} },
      issuetype: {name: {{issue_type}} },
      summary: ({{title}} | gsub("[\n\r]"; " ") | .[0:255]),
      description: (
        [{{message}}, ""] + ($lines | map("- " + .))
        | join("\n") | ltrimstr("\n\n") | .[0:32000]
      ),
      labels: ["created-by-skymap"]
    }
    + (if {{reporter_id}} == "" then {} else {reporter: {id: {{reporter_id}} }} end)
  )}'
| https --auth {{username}}":"{{token}} POST {{url}}/rest/api/2/issue`,
  parameters: [
    { name: "title", description: "Summary of the issue" },
    {
      name: "url",
      description: "Address of Jira, such as https://example.atlassian.net",
    },
    { name: "username", description: "Who creates it, as Jira knows them" },
    {
      name: "token",
      description: "API token or password of that user; it is a secret",
    },
    { name: "project_key", description: "Key of the project, such as OPS" },
    {
      name: "issue_type",
      description: "Name of the type of the issue",
      default: "Task",
    },
    {
      name: "message",
      description: "Text in front of the elements",
      default: "",
    },
    {
      name: "reporter_id",
      description: "Account id of the reporter; without one it is the user",
      default: "",
    },
  ],
  allowed_in_source_position: false,
  examples: [
    {
      line:
        'search is(volume) and volume_status = available | jira --title "Unused volumes" --url https://acme.atlassian.net --username ada@example.com --token TOKEN --project-key OPS',
      says: "Creates an issue that lists volumes that nobody uses",
    },
    {
      line:
        'search is(instance) and age > 1y | jira --title "Old instances" --issue-type Bug --message "Please look at these" --url https://acme.atlassian.net --username ada@example.com --token TOKEN --project-key OPS',
      says: "Creates an issue of another type, with a text before the list",
    },
  ],
};
