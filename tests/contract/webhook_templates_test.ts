/**
 * Templates of webhooks against what their services document, condensed in
 * `tests/testdata/webhooks` with the address of each source.
 *
 * @module
 */

import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import type { Json } from "@skymap/lib/json";
import {
  runTestLine,
  testCommandLine,
  testZoo,
  zooService,
} from "../../core/cli/_test_line.ts";
import { customCommands } from "../../core/cli/custom_commands/custom_command.ts";
import { SHIPPED_COMMANDS } from "../../core/cli/custom_commands/shipped_commands.ts";
import { Receiver } from "../../core/cli/http_request/_receiver.ts";
import type { ConfigSchema } from "../../core/config/config_schema.ts";
import { pathText, schemaFaults } from "../../core/config/schema_faults.ts";

const NAMES = [
  "alertmanager",
  "discord",
  "jira",
  "pagerduty",
  "slack",
] as const;
type Name = typeof NAMES[number];

const ROUTING_KEY = "0123456789abcdef0123456789abcdef";
/** What would break out of each place of a template, if it could. */
const NASTY = [
  `" ' \` | clean; x`,
  `\\(env) \\" \\' \\`,
  "a\nb\tc\rd\u0000e",
  "{{args}} @NOW@ {name}",
  '"}]|debug|[{"a":"',
  "'; search all | clean | '",
  "<!channel> <@U1> & @everyone",
  "x".repeat(5_000),
  "🦊 日本",
];

function schemaOf(name: Name): ConfigSchema {
  const url = new URL(`../testdata/webhooks/${name}.json`, import.meta.url);
  return JSON.parse(Deno.readTextFileSync(url));
}

/** The text of a value as a word of a line. */
function word(value: string): string {
  const escaped = value.replace(
    // deno-lint-ignore no-control-regex -- a line must not hold these as they are
    /["\\\u0000-\u001f]/g,
    (sign) =>
      sign === '"' || sign === "\\"
        ? `\\${sign}`
        : `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
  return `"${escaped}"`;
}

/** Calls of the templates: with what is theirs and a text of somebody. */
const CALLS: Readonly<Record<Name, (url: string, text: string) => string>> = {
  alertmanager: (url, text) =>
    `alertmanager --name ${
      word(text)
    } --alertmanager-url ${url} --description ${word(text)}`,
  discord: (url, text) =>
    `discord --title ${
      word(text)
    } --webhook-url ${url}/api/webhooks/1/t --message ${word(text)}`,
  jira: (url, text) =>
    `jira --title ${word(text)} --message ${
      word(text)
    } --url ${url} --username me ` +
    "--token t0k --project-key OPS --reporter-id 5b10",
  pagerduty: (url, text) =>
    `pagerduty --summary ${word(text)} --source ${word(text)} ` +
    `--routing-key ${ROUTING_KEY} --webhook-url ${url}/v2/enqueue`,
  slack: (url, text) =>
    `slack --title ${
      word(text)
    } --webhook-url ${url}/services/T/B/x --message ${word(text)}`,
};

/** Runs lines over the zoo and gives what was received. */
async function receivedFrom(
  ...lines: readonly ((url: string) => string)[]
): Promise<{ readonly texts: readonly string[]; readonly host: Receiver }> {
  await using zoo = await testZoo();
  await using host = new Receiver();
  const texts: string[] = [];
  for (const line of lines) {
    const { text } = await runTestLine(line(`http://localhost:${host.port}`), {
      graph: zooService(zoo),
      services: {
        commandConfig: {
          allowedHosts: () => [`localhost:${host.port}`],
          customCommands: () => [],
        },
      },
      commands: customCommands(SHIPPED_COMMANDS),
    });
    texts.push(text);
  }
  return { texts, host };
}

function faultsOf(name: Name, body: string): readonly string[] {
  return schemaFaults(schemaOf(name), JSON.parse(body) as Json)
    .map(({ path, message }) => `${pathText(path)} ${message}`);
}

Deno.test("the schemas refuse what the services would", () => {
  const wrong: Readonly<Record<Name, string>> = {
    alertmanager: '[{"labels":{"alertname":1},"endAt":"later"}]',
    discord: `{"content":"${"x".repeat(2_001)}"}`,
    jira: '{"fields":{"summary":"a\\nb","issuetype":{"id":"1"}}}',
    pagerduty: '{"routing_key":"short","event_action":"fire"}',
    slack: '{"text":"","blocks":[{"type":"header","text":"plain"}]}',
  };
  for (const name of NAMES) {
    ok(faultsOf(name, wrong[name]).length >= 1, name);
  }
});

for (const name of NAMES) {
  Deno.test(`${name} sends one request as its service documents it`, async () => {
    const { texts, host } = await receivedFrom((url) =>
      `search is(zoo_cat) | ${CALLS[name](url, "Cats found")}`
    );
    deepStrictEqual(texts, ["1 request with status 200 sent.\n"]);
    const [body = ""] = host.bodies;
    deepStrictEqual(faultsOf(name, body), [], body);
    match(body, /Cats found/);
    const [request] = host.received;
    strictEqual(request?.method, "POST");
    strictEqual(request.headers.get("content-type"), "application/json");
  });

  Deno.test(`${name} sends nothing when nothing was found`, async () => {
    const { texts, host } = await receivedFrom((url) =>
      `search is(zoo_cat) and name = Nobody | ${CALLS[name](url, "Cats")}`
    );
    deepStrictEqual(texts, ["0 requests sent.\n"]);
    strictEqual(host.received.length, 0);
  });

  Deno.test(`${name} takes any text for nothing but a text`, async () => {
    const { host } = await receivedFrom(
      ...NASTY.map((nasty) => (url: string) =>
        `search is(zoo_cat) | ${CALLS[name](url, nasty)}`
      ),
    );
    strictEqual(host.received.length, NASTY.length);
    for (const [at, nasty] of NASTY.entries()) {
      const body = host.bodies[at] ?? "";
      deepStrictEqual(faultsOf(name, body), [], `${nasty} -> ${body}`);
      // What somebody wrote with @NOW@ in it means that, as everywhere.
      if (nasty.includes("@NOW@")) continue;
      const begin = nasty.slice(0, 100);
      const shown = JSON.stringify(
        name === "slack"
          ? begin.replaceAll("&", "&amp;").replaceAll("<", "&lt;")
            .replaceAll(">", "&gt;")
          : begin,
      ).slice(1, -1);
      ok(body.includes(shown), `${shown} in ${body}`);
    }
  });
}

Deno.test("lines of docs/automation.md are lines", async () => {
  const docs = await Deno.readTextFile(
    new URL("../../docs/automation.md", import.meta.url),
  );
  const lines = docs.split("\n").filter((line) =>
    /^search .*\| (http|https|alertmanager|discord|jira|pagerduty|slack) /.test(
      line,
    )
  );
  strictEqual(lines.length, 6);
  await using zoo = await testZoo();
  const commandLine = testCommandLine({
    graph: zooService(zoo),
    commands: customCommands(SHIPPED_COMMANDS),
  });
  for (const line of lines) {
    const [prepared] = await commandLine.prepare(line, {
      caller: { subject: "test", role: "operator" },
    });
    strictEqual(prepared?.stages.at(-1)?.command.name, "http", line);
  }
});

Deno.test("alertmanager counts what was found, and says until when it counts", async () => {
  const { host } = await receivedFrom((url) =>
    `search is(zoo_cat) | alertmanager name=Cats alertmanager_url=${url} duration=90m severity=page`
  );
  strictEqual(host.received[0]?.path, "/api/v2/alerts");
  deepStrictEqual(JSON.parse(host.bodies[0] ?? ""), [{
    labels: { alertname: "Cats", severity: "page", issued_by: "skymap" },
    annotations: { summary: "3 resources: Cats", description: "" },
    startsAt: "2026-01-10T00:00:00Z",
    endsAt: "2026-01-10T01:30:00Z",
  }]);
});

Deno.test("jira authenticates with user and token, and names the user as reporter", async () => {
  const { host } = await receivedFrom((url) =>
    `search is(zoo_cat) limit 1 | jira --title T --url ${url} --username me@example.com ` +
    "--token t0:k --project-key OPS"
  );
  const [request] = host.received;
  strictEqual(request?.path, "/rest/api/2/issue");
  strictEqual(
    request.headers.get("authorization"),
    `Basic ${btoa("me@example.com:t0:k")}`,
  );
  deepStrictEqual(JSON.parse(host.bodies[0] ?? ""), {
    fields: {
      project: { key: "OPS" },
      issuetype: { name: "Task" },
      summary: "T",
      description: "- zoo_cat: Ada (zoo, name of dev, name of eu)",
      labels: ["created-by-skymap"],
    },
  });
});
