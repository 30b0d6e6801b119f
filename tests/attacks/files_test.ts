import { match, ok, rejects, strictEqual } from "node:assert/strict";
import { attackTest, attempt, refused } from "./_attack.ts";

const ROOT = new URL("../../", import.meta.url).pathname;
const FORBIDDEN = `${ROOT}skymap-must-not-be-written`;

/** Ways to a file, and the permission that each is refused for. */
const FILES: readonly (readonly [
  name: string,
  code: string,
  permission: string,
  value?: string,
])[] = [
  [
    "reads a file with Deno",
    `return await Deno.readTextFile("/etc/passwd")`,
    "read",
    "/etc/passwd",
  ],
  [
    "reads a file at once",
    `return Deno.readFileSync("/etc/passwd")`,
    "read",
    "/etc/passwd",
  ],
  [
    "opens a file for writing and reading",
    `return Deno.openSync("/etc/passwd", { read: true, write: true })`,
    "read",
    "/etc/passwd",
  ],
  [
    "reads a file with node:fs",
    `return (await import("node:fs")).readFileSync("/etc/passwd", "utf8")`,
    "read",
    "/etc/passwd",
  ],
  [
    "reads a file with node:fs/promises",
    `return (await import("node:fs/promises")).readFile("/etc/passwd", "utf8")`,
    "read",
    "/etc/passwd",
  ],
  [
    "reads a file with require",
    `const { createRequire } = await import("node:module");
    return createRequire("file:///x.js")("fs").readFileSync("/etc/passwd")`,
    "read",
    "/etc/passwd",
  ],
  [
    "requires a JSON file",
    `const { createRequire } = await import("node:module");
    return createRequire("file:///x.js")(${
      JSON.stringify(`${ROOT}deno.json`)
    })`,
    "read",
    `${ROOT}deno.json`,
  ],
  [
    "fetches a file",
    `return await (await fetch("file:///etc/passwd")).text()`,
    "read",
    "/etc/passwd",
  ],
  [
    "lists a folder",
    `return [...Deno.readDirSync("/etc")].length`,
    "read",
    "/etc",
  ],
  [
    "asks whether a file is there",
    `return (await import("node:fs")).existsSync("/etc/passwd")`,
    "read",
    "/etc/passwd",
  ],
  [
    "asks how large a file is",
    `return Deno.statSync("/etc/passwd").size`,
    "read",
    "/etc/passwd",
  ],
  [
    "reads its environment in /proc",
    `return await Deno.readTextFile("/proc/self/environ")`,
    "read",
    "/proc/self/environ",
  ],
  [
    "reads the worker's environment in /proc",
    `return await Deno.readTextFile("/proc/" + Deno.ppid + "/environ")`,
    "read",
  ],
  [
    "writes into the memory of its own process",
    `return Deno.openSync("/proc/self/mem", { write: true })`,
    "write",
    "/proc/self/mem",
  ],
  [
    "makes a symbolic link to a file",
    `return await Deno.symlink("/etc/passwd", "/tmp/skymap-attack-link")`,
    "write",
  ],
  [
    "makes a second name for a file",
    `return await Deno.link("/etc/passwd", "/tmp/skymap-attack-link")`,
    "read",
    "/etc/passwd",
  ],
  [
    "writes a file",
    `return await Deno.writeTextFile(${JSON.stringify(FORBIDDEN)}, "x")`,
    "write",
    FORBIDDEN,
  ],
  [
    "writes a file with node:fs",
    `(await import("node:fs")).writeFileSync(${JSON.stringify(FORBIDDEN)}, "")`,
    "write",
    FORBIDDEN,
  ],
  [
    "makes a temporary file",
    `return await Deno.makeTempFile()`,
    "write",
  ],
  [
    "changes a file of the installation",
    `return await Deno.remove(${JSON.stringify(`${ROOT}deno.json`)})`,
    "write",
    `${ROOT}deno.json`,
  ],
  [
    "writes its heap to a file",
    `return (await import("node:v8")).writeHeapSnapshot(${
      JSON.stringify(FORBIDDEN)
    })`,
    "write",
    FORBIDDEN,
  ],
  [
    "opens a database file with SQLite",
    `const { DatabaseSync } = await import("node:sqlite");
    return new DatabaseSync(${JSON.stringify(FORBIDDEN)})`,
    "read",
    FORBIDDEN,
  ],
  [
    "gives folders to WebAssembly",
    `const { WASI } = await import("node:wasi");
    return new WASI({ version: "preview1", preopens: { "/": "/" } })`,
    "read",
    "/",
  ],
];

for (const [name, code, permission, value] of FILES) {
  attackTest(name, async () => {
    const aftermath = await attempt(code);
    strictEqual(aftermath.got, undefined);
    match(
      `${aftermath.error}: ${aftermath.message}`,
      /NotCapable|uvwasi_init: failed to open preopen/,
    );
    refused(aftermath, permission, value);
    await rejects(Deno.stat(FORBIDDEN), Deno.errors.NotFound);
  });
}

attackTest("leaves a folder that it was granted", async () => {
  const folder = await Deno.makeTempDir({ prefix: "skymap-attack-" });
  try {
    await Deno.writeTextFile(`${folder}/mine.txt`, "mine");
    const options = { approved: { read: [folder] }, config: { folder } };
    const own = await attempt(
      `return await Deno.readTextFile(config.folder + "/mine.txt")`,
      options,
    );
    strictEqual(own.got, "mine");
    const ways = [
      `Deno.readTextFile(config.folder + "/../../etc/passwd")`,
      `Deno.readTextFile(config.folder + "/./x/../../../etc/passwd")`,
      `Deno.readTextFile(config.folder + "-not")`,
      `Deno.readTextFile(new URL("file://" + config.folder + "/%2e%2e/%2e%2e/etc/passwd"))`,
      // A link would lead out of the folder: it can make none there.
      `Deno.symlink("/etc", config.folder + "/link")`,
    ];
    for (const way of ways) {
      const aftermath = await attempt(`return await ${way}`, options);
      strictEqual(aftermath.error, "NotCapable", way);
      ok(aftermath.accesses.some(({ allowed }) => !allowed), way);
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

/** Ways to the environment and to what is known of the machine. */
const FACTS: typeof FILES = [
  ["reads a variable", `return Deno.env.get("HOME")`, "env", "HOME"],
  ["reads all variables", `return Deno.env.toObject()`, "env", ""],
  ["reads a variable of Node", `return process.env.HOME`, "env", "HOME"],
  ["lists the variables of Node", `return { ...process.env }`, "env"],
  ["sets a variable", `return Deno.env.set("PATH", "/tmp")`, "env", "PATH"],
  [
    "loads variables from a file",
    `return process.loadEnvFile("/etc/environment")`,
    "env",
  ],
  ["asks for the host's name", `return Deno.hostname()`, "sys", "hostname"],
  [
    "asks for the network's interfaces",
    `return Deno.networkInterfaces()`,
    "sys",
    "networkInterfaces",
  ],
  [
    "asks who runs it",
    `return (await import("node:os")).userInfo()`,
    "sys",
  ],
  [
    "puts itself before other processes",
    `return (await import("node:os")).setPriority(0, -20)`,
    "sys",
    "setPriority",
  ],
];

for (const [name, code, permission, value] of FACTS) {
  attackTest(name, async () => {
    const aftermath = await attempt(
      `return JSON.stringify(await (async () => { ${code} })())`,
    );
    strictEqual(aftermath.got, undefined);
    strictEqual(aftermath.error, "NotCapable");
    refused(aftermath, permission, value);
  });
}

attackTest("reads a variable beside those that it was granted", async () => {
  const options = {
    approved: { env: ["GIVEN"] },
    env: { GIVEN: "yes", GIVEN_NOT: "secret of another" },
  };
  const given = await attempt(`return Deno.env.get("GIVEN")`, options);
  strictEqual(given.got, "yes");
  const other = await attempt(`return Deno.env.get("GIVEN_NOT")`, options);
  strictEqual(other.error, "NotCapable");
  refused(other, "env", "GIVEN_NOT");
});

attackTest("asks for more permissions while it runs", async () => {
  const { got } = await attempt(
    `const names = ["read", "write", "net", "env", "run", "ffi", "sys", "import"];
    const states = [];
    for (const name of names) {
      states.push((await Deno.permissions.request({ name })).state);
    }
    return states.join()`,
  );
  strictEqual(got, Array(8).fill("denied").join());
});
