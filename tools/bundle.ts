/**
 * Makes the relocatable distribution: one folder with Deno, Skymap and its
 * native engines, which runs anywhere without a network.
 *
 * @module
 */

/**
 * Packages that stay packages: native code, what shares classes with it, and
 * what requires modules in a way that a bundle cannot.
 */
const EXTERNAL = [
  "@duckdb/node-api",
  "@surrealdb/node",
  "prom-client",
  "surrealdb",
  "yaml",
];

/** Native files of other machines, and a compiler nobody runs. */
const UNUSED =
  /surrealdb-node\.(?!linux-x64-gnu)[\w-]+\.node$|node-bindings-linux-x64-musl|\/typescript@/;

const LAUNCHER = `#!/bin/sh
# Starts Skymap from wherever this folder lies.
here=$(CDPATH= cd -- "$(dirname -- "$(readlink -f -- "$0")")" && pwd)
exec "$here/../deno" run --quiet --no-prompt --no-lock --allow-env --allow-read --allow-run \\
  "--config=$here/../app/deno.json" "$here/../app/main.js" "$@"
`;

const root = new URL("..", import.meta.url).pathname;

function say(text: string): void {
  Deno.stderr.writeSync(new TextEncoder().encode(`${text}\n`));
}

async function deno(args: readonly string[], cwd = root): Promise<void> {
  const { code, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [...args],
    cwd,
    stdout: "null",
    stderr: "piped",
  }).output();
  if (code === 0) return;
  throw new Error(
    `Cannot run "deno ${args.join(" ")}":\n${new TextDecoder().decode(stderr)}`,
  );
}

async function bundle(
  entries: readonly string[],
  outdir: string,
  ...flags: readonly string[]
): Promise<void> {
  await deno([
    "bundle",
    "--quiet",
    "--platform",
    "deno",
    "--minify",
    "--keep-names",
    ...EXTERNAL.map((name) => `--external=${name}`),
    ...flags,
    "--outdir",
    outdir,
    ...entries.map((entry) => `./${entry}`),
  ]);
}

async function* files(folder: string): AsyncGenerator<string> {
  for await (const entry of Deno.readDir(folder)) {
    const path = `${folder}/${entry.name}`;
    if (UNUSED.test(path)) yield path;
    else if (entry.isDirectory) yield* files(path);
  }
}

/** Copies a folder, but for tokens that somebody put there. */
async function copyFolder(from: string, to: string): Promise<void> {
  await Deno.mkdir(to, { recursive: true });
  for await (const { name, isDirectory } of Deno.readDir(from)) {
    if (isDirectory) await copyFolder(`${from}/${name}`, `${to}/${name}`);
    else if (!name.endsWith(".token")) {
      await Deno.copyFile(`${from}/${name}`, `${to}/${name}`);
    }
  }
}

/** The configuration beside the bundle: the few packages that stay packages. */
async function writeConfig(app: string): Promise<void> {
  const { imports, unstable } = JSON.parse(
    await Deno.readTextFile(`${root}deno.json`),
  );
  await Deno.writeTextFile(
    `${app}/deno.json`,
    JSON.stringify(
      {
        nodeModulesDir: "manual",
        unstable,
        imports: Object.fromEntries(
          EXTERNAL.map((name) => [name, imports[name]]),
        ),
      },
      null,
      2,
    ) + "\n",
  );
}

async function main(): Promise<void> {
  const target = `${root}dist/skymap`;
  const app = `${target}/app`;
  await Deno.remove(target, { recursive: true }).catch(() => {});
  await Deno.mkdir(`${target}/bin`, { recursive: true });
  await Deno.mkdir(`${app}/plugins`, { recursive: true });
  say("bundling core, worker, metrics and shell");
  await bundle(["main.ts", "role.ts"], app, "--code-splitting");
  say("bundling the processes of commands");
  await bundle(["core/cli/jq/jq_process.ts"], app);
  await bundle(["core/cli/http_request/requests_process.ts"], app);
  say("bundling plugins");
  // The runner imports whatever plugin the import map of its process names.
  await bundle(
    ["worker/plugin/runner.ts"],
    app,
    "--external=skymap:plugin",
    // Its own copy would be another one than the plugin's.
    "--external=@skymap/lib/plugin",
  );
  // What plugins from elsewhere mean by @skymap/lib/plugin.
  await bundle(["lib/plugin/mod.ts"], app);
  await Deno.rename(`${app}/mod.js`, `${app}/plugin_sdk.js`);
  // What their tests mean by @skymap/lib/testing.
  await bundle(["lib/testing/mod.ts"], app);
  await Deno.rename(`${app}/mod.js`, `${app}/plugin_testing.js`);
  for await (const { name } of Deno.readDir(`${root}plugins`)) {
    await bundle([`plugins/${name}/mod.ts`], `${app}/plugins`);
    await Deno.rename(`${app}/plugins/mod.js`, `${app}/plugins/${name}.js`);
  }
  say("adding the native engines");
  await writeConfig(app);
  await deno(["install", "--quiet", "--node-modules-dir=auto"], app);
  for await (const path of files(`${app}/node_modules`)) {
    await Deno.remove(path, { recursive: true });
  }
  say("adding Deno");
  await Deno.copyFile(Deno.execPath(), `${target}/deno`);
  await Deno.chmod(`${target}/deno`, 0o755);
  await Deno.writeTextFile(`${target}/bin/skymap`, LAUNCHER, { mode: 0o755 });
  await Deno.copyFile(`${root}LICENSE`, `${target}/LICENSE`);
  say("adding what Prometheus, Alertmanager and Grafana need");
  await copyFolder(`${root}deploy`, `${target}/deploy`);
  say(`made dist/skymap; start it with dist/skymap/bin/skymap start`);
}

if (import.meta.main) await main();
