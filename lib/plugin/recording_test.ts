import {
  deepStrictEqual,
  ok,
  rejects,
  strictEqual,
  throws,
} from "node:assert/strict";
import {
  parseRecording,
  type RecordedAnswer,
  recordFetch,
  replayFetch,
} from "./recording.ts";

const TOKEN = "tok-0123456789abcdef";

/** An API that answers with what it was sent, secrets and all. */
async function echo(
  input: RequestInfo | URL,
  init?: RequestInit,
): Promise<Response> {
  const request = new Request(input, init);
  const body = await request.text();
  return Response.json({
    url: request.url,
    authorization: request.headers.get("authorization"),
    access_token: "secret-of-the-answer",
    next_token: "page-2-of-many",
    nested: [{ password: "p4ssw0rd!" }],
    said: body,
  }, { headers: { "set-cookie": "sid=cookie-cookie", "x-page": "1" } });
}

async function record(
  ...calls: readonly (readonly [string, RequestInit?])[]
): Promise<RecordedAnswer[]> {
  const answers: RecordedAnswer[] = [];
  const fetch = recordFetch(echo as typeof globalThis.fetch, (answer) => {
    answers.push(answer);
    return Promise.resolve();
  });
  for (const [url, init] of calls) {
    const answer = await fetch(url, init);
    // The plugin itself sees all of it.
    strictEqual((await answer.json()).access_token, "secret-of-the-answer");
  }
  return answers;
}

Deno.test("recordFetch() keeps no secret, wherever it stands", async () => {
  const answers = await record(
    [
      `https://user:pass-word-1@api.example/list?api_key=key-in-a-url-1&page=2`,
      {
        headers: { authorization: `Bearer ${TOKEN}`, cookie: "a=cookie-of-me" },
      },
    ],
    ["https://api.example/oauth", {
      method: "POST",
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body: `client_secret=client-secret-1&grant_type=x&about=${TOKEN}`,
    }],
    ["https://api.example/login", {
      method: "POST",
      body: JSON.stringify({ user: "me", password: "login-pass-1" }),
    }],
  );
  const text = JSON.stringify(answers);
  for (
    const secret of [
      TOKEN,
      "pass-word-1",
      "key-in-a-url-1",
      "cookie-of-me",
      "cookie-cookie",
      "client-secret-1",
      "login-pass-1",
      "secret-of-the-answer",
      "p4ssw0rd!",
    ]
  ) ok(!text.includes(secret), `${secret} in ${text}`);
  const [first] = answers;
  strictEqual(
    first?.request.url,
    "https://api.example/list?api_key=REDACTED&page=2",
  );
  const body = JSON.parse(first.response.body);
  strictEqual(body.next_token, "page-2-of-many");
  strictEqual(first.response.headers["x-page"], "1");
});

Deno.test("replayFetch() answers what was asked, in the order of the calls", async () => {
  const answers: RecordedAnswer[] = ["one", "two"].map((body) => ({
    request: { method: "GET", url: "https://api.example/?token=REDACTED" },
    response: { status: 200, headers: { "x-n": body }, body },
  }));
  const fetch = replayFetch([...answers, {
    request: { method: "DELETE", url: "https://api.example/x" },
    response: { status: 204, headers: {}, body: "" },
  }]);
  const url = "https://api.example/?token=another-one-than-then";
  const texts = [];
  for (let n = 0; n < 3; n++) texts.push(await (await fetch(url)).text());
  deepStrictEqual(texts, ["one", "two", "two"]);
  const gone = await fetch("https://api.example/x", { method: "DELETE" });
  strictEqual(gone.status, 204);
  await rejects(fetch("https://api.example/other"), {
    message:
      "Cannot replay GET https://api.example/other: no such call was recorded, record again",
  });
  await rejects(fetch(url, { signal: AbortSignal.abort() }), {
    name: "AbortError",
  });
});

Deno.test("replayFetch() answers what recordFetch() recorded", async () => {
  const call = ["https://api.example/a", {
    method: "POST",
    headers: { authorization: `token ${TOKEN}` },
    body: JSON.stringify({ who: TOKEN }),
  }] as const;
  const fetch = replayFetch(await record(call));
  const answer = await fetch(...call);
  strictEqual(answer.headers.get("content-type"), "application/json");
  strictEqual((await answer.json()).url, "https://api.example/a");
});

Deno.test("parseRecording() refuses what is none", () => {
  deepStrictEqual(parseRecording('{"format":1,"answers":[]}').answers, []);
  for (
    const text of [
      "1",
      "{}",
      '{"format":2,"answers":[]}',
      '{"format":1,"answers":[1]}',
    ]
  ) {
    throws(() => parseRecording(text), /Cannot read recording/);
  }
});
