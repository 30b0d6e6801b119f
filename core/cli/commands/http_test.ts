import {
  deepStrictEqual,
  doesNotMatch,
  match,
  rejects,
  strictEqual,
} from "node:assert/strict";
import { gunzipSync } from "node:zlib";
import { isSkymapError, messageOf } from "@skymap/lib/errors";
import { until } from "@skymap/lib/testing";
import { Receiver } from "../http_request/_receiver.ts";
import { runHttp } from "../http_request/_run_http.ts";

const ALLOWED = ["127.0.0.0/8"];

async function failureOf(run: Promise<unknown>): Promise<string> {
  const error = await run.then(() => undefined, (thrown: unknown) => thrown);
  if (!isSkymapError(error)) throw error ?? new Error("it did not fail");
  return `${error.code}: ${error.message}`;
}

Deno.test("http sends each element as a request of its own, and counts them", async () => {
  await using host = new Receiver();
  const output = await runHttp({
    words: `127.0.0.1:${host.port}/hook`,
    elements: [{ a: 1 }, [1, 2], "ä"],
    allowed: ALLOWED,
  });
  strictEqual(output, "3 requests with status 200 sent.\n");
  deepStrictEqual(host.bodies.toSorted(), ['"ä"', "[1,2]", '{"a":1}']);
  for (const { method, path, headers } of host.received) {
    strictEqual(method, "POST");
    strictEqual(path, "/hook");
    strictEqual(headers.get("content-type"), "application/json");
    strictEqual(headers.get("user-agent"), "Skymap/1.2.3");
    strictEqual(headers.get("authorization"), null);
  }
});

Deno.test("http sends method, headers, query and authorization as they are given", async () => {
  await using host = new Receiver();
  await runHttp({
    words: `--auth 'me:pass word' PUT 127.0.0.1:${host.port}/a?x=1 ` +
      `X-Team:"blue: one" Content-Type:application/vnd.x+json q=="a b&c" q==2`,
    allowed: ALLOWED,
  });
  await runHttp({
    words: `--bearer t0ken 127.0.0.1:${host.port}`,
    allowed: ALLOWED,
  });
  const [first, second] = host.received;
  strictEqual(first?.method, "PUT");
  strictEqual(first.path, "/a?x=1&q=a+b%26c&q=2");
  strictEqual(first.headers.get("x-team"), "blue: one");
  strictEqual(first.headers.get("content-type"), "application/vnd.x+json");
  strictEqual(
    first.headers.get("authorization"),
    `Basic ${btoa("me:pass word")}`,
  );
  strictEqual(second?.headers.get("authorization"), "Bearer t0ken");
});

Deno.test("http sends no body with --no-body, GET and HEAD, and gzip with --compress", async () => {
  await using host = new Receiver();
  const at = `127.0.0.1:${host.port}`;
  for (const words of [`--no-body ${at}`, `GET ${at}`, `HEAD ${at}`]) {
    await runHttp({ words, allowed: ALLOWED });
  }
  await runHttp({ words: `--compress ${at}`, allowed: ALLOWED });
  deepStrictEqual(host.bodies.slice(0, 3), ["", "", ""]);
  for (const { headers } of host.received.slice(0, 3)) {
    strictEqual(headers.get("content-type"), null);
  }
  const last = host.received.at(-1);
  strictEqual(last?.headers.get("content-encoding"), "gzip");
  strictEqual(
    new TextDecoder().decode(gunzipSync(last.bytes)),
    '{"a":1}',
  );
});

Deno.test("http tries a 503 again until it goes well", async () => {
  await using host = new Receiver((at) =>
    new Response(null, { status: at === 0 ? 503 : 201 })
  );
  strictEqual(
    await runHttp({
      words: `127.0.0.1:${host.port}`,
      allowed: ALLOWED,
    }),
    "1 request with status 201 sent.\n",
  );
  deepStrictEqual(host.bodies, ['{"a":1}', '{"a":1}']);
});

Deno.test("http gives up with what was sent, what failed and after how many tries", async () => {
  await using host = new Receiver((_at, { bytes }) =>
    new TextDecoder().decode(bytes) === '"bad"'
      ? new Response("out of order", { status: 503 })
      : new Response("")
  );
  const elements = [
    ...Array(3).fill("good"),
    "bad",
    ...Array(200).fill("late"),
  ];
  const message = await failureOf(runHttp({
    words: `--nr-of-retries 1 127.0.0.1:${host.port}/secret-path`,
    elements,
    allowed: ALLOWED,
  }));
  match(
    message,
    /^request_failed: Cannot send every element to http:\/\/127\.0\.0\.1:\d+: 1 request failed, after 2 tries because the answer had status 503 and said "out of order"; \d+ were sent, what followed was not tried; wanted a status from 200 to 299$/,
  );
  strictEqual(host.bodies.filter((body) => body === '"bad"').length, 2);
  strictEqual(host.bodies.filter((body) => body === '"good"').length, 3);
});

Deno.test("http goes on behind a 400, and fails at the end", async () => {
  await using host = new Receiver((_at, { bytes }) =>
    new Response("", { status: bytes.length > 3 ? 400 : 200 })
  );
  const message = await failureOf(runHttp({
    words: `127.0.0.1:${host.port}`,
    elements: ["a", "long", "b", "longer", "c"],
    allowed: ALLOWED,
  }));
  match(
    message,
    /2 requests failed, the first because the answer had status 400; 3 were sent; wanted/,
  );
  strictEqual(host.received.length, 5);
});

Deno.test("http gives up a host that does not answer in time, or is not there", async () => {
  const hung = Promise.withResolvers<Response>();
  await using host = new Receiver(() => hung.promise);
  match(
    await failureOf(runHttp({
      words: `--timeout 0.05 --nr-of-retries 0 127.0.0.1:${host.port}`,
      allowed: ALLOWED,
    })),
    /1 request failed, after 1 try because there was no answer within 0\.05 s; 0 were sent/,
  );
  hung.resolve(new Response(""));
  match(
    await failureOf(runHttp({
      words: "--nr-of-retries 1 127.0.0.1:1",
      allowed: ALLOWED,
    })),
    /after 2 tries because nothing listens at 127.0.0.1:1;/,
  );
});

Deno.test("http ends at once when its line does", async () => {
  const hung = Promise.withResolvers<Response>();
  await using host = new Receiver(() => hung.promise);
  const controller = new AbortController();
  const run = runHttp({
    words: `127.0.0.1:${host.port}`,
    allowed: ALLOWED,
    signal: controller.signal,
  });
  await until(() => host.received.length === 1);
  controller.abort(new Error("enough"));
  await rejects(run, /enough/);
  hung.resolve(new Response(""));
});

Deno.test("http refuses what lies inside, in every spelling", async () => {
  await using host = new Receiver();
  const { port } = host;
  for (
    const target of [
      `:${port}/x`,
      `localhost:${port}`,
      `LOCALHOST:${port}`,
      `127.0.0.1:${port}`,
      `127.1:${port}`,
      `2130706433:${port}`,
      `0x7f000001:${port}`,
      `0177.0.0.1:${port}`,
      `0:${port}`,
      `http://[::1]:${port}`,
      `http://[::]:${port}`,
      `http://[::ffff:127.0.0.1]:${port}`,
      `http://[::ffff:7f00:1]:${port}`,
      "169.254.169.254/latest/meta-data",
      "http://[fd00:ec2::254]/latest",
      "http://[fe80::1]",
      "10.0.0.1",
      "172.16.0.1",
      "192.168.0.1",
      "100.64.0.1",
      "224.0.0.1",
      "168.63.129.16",
    ]
  ) {
    match(
      await failureOf(runHttp({ words: target })),
      /^address_refused: Cannot send to http:.* lies inside, .*http_allowed_hosts/,
      target,
    );
  }
  strictEqual(host.received.length, 0);
});

Deno.test("http refuses a redirect to what lies inside", async () => {
  await using inside = new Receiver(undefined, { hostname: "127.0.0.1" });
  await using outside = new Receiver(
    () => Response.redirect(`http://127.0.0.1:${inside.port}/`, 307),
    { hostname: "127.0.0.2" },
  );
  match(
    await failureOf(runHttp({
      words: `127.0.0.2:${outside.port}`,
      allowed: ["127.0.0.2"],
    })),
    /^address_refused: .*"127\.0\.0\.1" lies inside/,
  );
  strictEqual(outside.received.length, 1);
  strictEqual(inside.received.length, 0);
});

Deno.test("http sends to what the configuration opens, and to that alone", async () => {
  await using host = new Receiver();
  const { port } = host;
  for (
    const [allowed, target, isSent] of [
      [`localhost:${port}`, `:${port}/x`, true],
      [`127.0.0.1:${port}`, `127.0.0.1:${port}`, true],
      [`127.0.0.1:${port}`, `localhost:${port}`, true],
      ["127.0.0.0/8", `2130706433:${port}`, true],
      ["localhost:1", `:${port}/x`, false],
      ["127.0.0.2", `127.0.0.1:${port}`, false],
      ["localhost", `127.0.0.1:${port}`, false],
    ] as const
  ) {
    const run = runHttp({ words: target, allowed: [allowed] });
    if (isSent) {
      strictEqual(await run, "1 request with status 200 sent.\n", target);
    } else match(await failureOf(run), /^address_refused/, target);
  }
});

Deno.test("http tells no secret, whatever goes wrong", async () => {
  await using host = new Receiver((_at, { path, headers }) =>
    new Response(
      `${path} ${headers.get("authorization")} ${
        headers.get("x-api-key")
      } said t0ps3cret`,
      { status: 400 },
    )
  );
  const { port } = host;
  const told: string[] = [];
  for (
    const words of [
      `--auth user:t0ps3cret 127.0.0.1:${port}`,
      `--bearer t0ps3cret 127.0.0.1:${port}`,
      `127.0.0.1:${port} X-Api-Key:t0ps3cret`,
      `127.0.0.1:${port} Authorization:"Bearer t0ps3cret"`,
      `127.0.0.1:${port} key==t0ps3cret`,
      `127.0.0.1:${port}/services/t0ps3cret`,
      `http://user:t0ps3cret@127.0.0.1:${port}`,
    ]
  ) {
    told.push(await failureOf(runHttp({ words, allowed: ALLOWED })));
    told.push(await failureOf(runHttp({ words })));
  }
  for (const message of told) {
    doesNotMatch(message, /t0ps3cret|dXNlcjp0MHBzM2NyZXQ/);
  }
});

Deno.test("http trusts the certificates that it is told to, or any with --no-ssl-verify", async () => {
  const folder = new URL("../http_request/testdata/", import.meta.url);
  const certificate = new URL("tls_certificate.pem", folder).pathname;
  await using host = new Receiver(undefined, {
    tls: {
      cert: await Deno.readTextFile(certificate),
      key: await Deno.readTextFile(new URL("tls_key.pem", folder)),
    },
  });
  const options = {
    word: "https",
    words: `localhost:${host.port}`,
    allowed: ["localhost"],
  };
  match(
    await failureOf(runHttp(options)),
    /Cannot send every element to https:.*, after 1 try because .*certificate/,
  );
  strictEqual(host.received.length, 0);
  strictEqual(
    await runHttp({ ...options, words: `--no-ssl-verify ${options.words}` }),
    "1 request with status 200 sent.\n",
  );
  Deno.env.set("NODE_EXTRA_CA_CERTS", certificate);
  try {
    strictEqual(await runHttp(options), "1 request with status 200 sent.\n");
    match(
      await failureOf(runHttp({
        ...options,
        words: `127.0.0.1:${host.port}`,
        allowed: ALLOWED,
      })),
      /, after 1 try because .*(certificate|altnames)/,
    );
  } finally {
    Deno.env.delete("NODE_EXTRA_CA_CERTS");
  }
});

Deno.test("http refuses what is no request before it runs", async () => {
  for (
    const [words, problem] of [
      ["", /REQUEST is missing/],
      ["POST", /no address follows POST/],
      ["ftp://example.com", /begins with "ftp:\/\/", wanted http or https/],
      ["http://", /cannot be read/],
      [
        "example.com nothing",
        /column 18: it is neither Header:value nor name==value/,
      ],
      ["PSOT example.com", /"PSOT" is no method, .*did you mean "POST"/],
      ["example.com Host:other", /"Host" follows from the address/],
      ['example.com X-A:"a\\r\\nX-B: c"', /holds a line end/],
      ["--auth me example.com", /wanted user:password/],
      ["--auth a:b --bearer c example.com", /two authorizations/],
      ["--bearer c example.com authorization:d", /two authorizations/],
      ["--timeout never example.com", /wanted seconds or a duration/],
      ["--timeout 0 example.com", /wanted seconds or a duration/],
      ["--nr-of-retries -1 example.com", /from 0 to 20/],
      ["--nr-of-retries 1.5 example.com", /from 0 to 20/],
    ] as const
  ) {
    await rejects(runHttp({ words }), (error: unknown) => {
      strictEqual(isSkymapError(error, "usage"), true, messageOf(error));
      match(messageOf(error), problem, words);
      return true;
    });
  }
});

Deno.test("http shows no secret of a line that is wrong", async () => {
  for (
    const words of [
      "--timeout x --auth user:t0ps3cret example.com",
      "--timeout x --bearer t0ps3cret example.com",
      "--timeout x example.com Authorization:t0ps3cret",
      "--timeout x example.com key==t0ps3cret",
      "--timeout x example.com/services/t0ps3cret",
      "example.com t0ps3cret",
    ]
  ) {
    const message = await failureOf(runHttp({ words }));
    match(message, /^usage: /);
    if (words !== "example.com t0ps3cret") doesNotMatch(message, /t0ps3cret/);
  }
});

Deno.test("http points at the option or word that is wrong", async () => {
  for (
    const [words, place] of [
      ["--auth nobody example.com", "13"],
      ["--bearer 'a b' example.com", "15"],
      ["--auth a:b --bearer c example.com", "26"],
      ["--bearer c example.com x:1 Authorization:d", "33"],
      ["--compress example.com x:1 Content-Encoding:d", "33"],
      ["--auth a:b http://me:you@example.com", "13"],
    ] as const
  ) {
    await rejects(runHttp({ words }), (error: Error) => {
      const [, column] = /at column (\d+):/.exec(error.message) ?? [];
      strictEqual(column, place, error.message);
      return true;
    });
  }
});
