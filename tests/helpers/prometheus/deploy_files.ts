/**
 * The files of `deploy/`, with the addresses and times of a test in them.
 *
 * @module
 */

import type { Files } from "./prometheus.ts";

/** Folder of the files. */
export const DEPLOY: string = new URL("../../../deploy", import.meta.url)
  .pathname;

/** Texts to replace; each must be there. */
export type Replacements = Readonly<Record<string, string>>;

/** Reads one of the files with some texts replaced, all times they occur. */
export async function deployFile(
  name: string,
  replacements: Replacements = {},
): Promise<string> {
  let text = await Deno.readTextFile(`${DEPLOY}/${name}`);
  for (const [from, to] of Object.entries(replacements)) {
    if (!text.includes(from)) throw new Error(`${name} has no ${from}`);
    text = text.replaceAll(from, to);
  }
  return text;
}

/** Names of the files of a folder that end so. */
export async function deployNames(
  folder: string,
  end: string,
): Promise<readonly string[]> {
  const entries = await Array.fromAsync(Deno.readDir(`${DEPLOY}/${folder}`));
  return entries.map(({ name }) => `${folder}/${name}`)
    .filter((name) => name.endsWith(end)).sort();
}

/** Where the parts of a test listen. */
export interface Addresses {
  /** Ports of Skymap. */
  readonly ports: {
    readonly core: number;
    readonly worker: number;
    readonly metrics: number;
  };
  /** Alertmanager, as `host:port`. */
  readonly alertmanager: string;
}

/** All that Prometheus reads, in a hurry; the logic of every rule is as it is. */
export async function prometheusFiles(
  { ports, alertmanager }: Addresses,
  token: string,
  alerts: Replacements,
): Promise<Files> {
  return {
    "prometheus.yml": await deployFile("prometheus.yml", {
      "127.0.0.1:9093": alertmanager,
      "127.0.0.1:8900": `127.0.0.1:${ports.core}`,
      "127.0.0.1:9955": `127.0.0.1:${ports.metrics}`,
      "127.0.0.1:9956": `127.0.0.1:${ports.worker}`,
      "scrape_interval: 15s": "scrape_interval: 1s",
      "scrape_timeout: 10s": "scrape_timeout: 1s",
      "evaluation_interval: 15s": "evaluation_interval: 1s",
    }),
    "skymap.token": token,
    "rules/skymap.recording.yml": await deployFile(
      "rules/skymap.recording.yml",
      { "interval: 1m": "interval: 1s" },
    ),
    "rules/skymap.alerts.yml": await deployFile(
      "rules/skymap.alerts.yml",
      alerts,
    ),
  };
}
