/**
 * What a request says of the form of a page.
 *
 * @module
 */

import type { PageFormat } from "./write_family.ts";

/** How a page is wanted. */
export interface Wishes {
  /** Its format. */
  readonly format: PageFormat;
  /** Whether it may be packed. */
  readonly gzip: boolean;
}

/** One entry of a header such as `Accept`. */
interface Entry {
  readonly name: string;
  readonly version: string | undefined;
  readonly weight: number;
}

function readEntries(header: string): readonly Entry[] {
  return header.toLowerCase().split(",").flatMap((part) => {
    const [name = "", ...rest] = part.split(";").map((each) => each.trim());
    const parameters = new Map(rest.map((each) => {
      const [, key = "", value = ""] = /^([^=\s]*)\s*=\s*"?([^"]*)"?$/.exec(
        each,
      ) ?? [];
      return [key, value];
    }));
    const weight = Number(parameters.get("q") ?? 1);
    if (name === "") return [];
    return [{
      name,
      version: parameters.get("version"),
      weight: weight >= 0 ? Math.min(weight, 1) : 0,
    }];
  });
}

/** Names of a format in `Accept`, the most exact first. */
const RANGES: Readonly<Record<PageFormat, readonly string[]>> = {
  text: ["text/plain", "text/*", "*/*"],
  openmetrics: ["application/openmetrics-text", "application/*", "*/*"],
};

/** Versions of OpenMetrics that this one is good for; none is any. */
const OPEN_VERSIONS: readonly (string | undefined)[] = [undefined, "1.0.0"];

/** How welcome a format is, and how exactly it was named. */
function welcome(
  format: PageFormat,
  entries: readonly Entry[],
): readonly [weight: number, exactness: number] {
  const fit = entries.filter(({ name, version }) =>
    name !== "application/openmetrics-text" || OPEN_VERSIONS.includes(version)
  );
  for (const [at, range] of RANGES[format].entries()) {
    const weights = fit.filter(({ name }) => name === range)
      .map(({ weight }) => weight);
    if (weights.length > 0) return [Math.max(...weights), -at];
  }
  return [0, -RANGES[format].length];
}

/** Text, unless OpenMetrics is liked better, or as much and named. */
function formatOf(accept: string): PageFormat {
  const entries = readEntries(accept);
  const [text, textNamed] = welcome("text", entries);
  const [open, openNamed] = welcome("openmetrics", entries);
  if (open === 0 || open < text) return "text";
  return open > text || openNamed > textNamed ? "openmetrics" : "text";
}

function mayPack(acceptEncoding: string): boolean {
  const entries = readEntries(acceptEncoding);
  const weightOf = (...names: readonly string[]) =>
    entries.find(({ name }) => names.includes(name))?.weight;
  const gzip = weightOf("gzip", "x-gzip") ?? weightOf("*") ?? 0;
  return gzip > 0 && gzip >= (weightOf("identity") ?? 0);
}

/** Reads what a request wants; what it cannot have is text. */
export function readWishes(headers: Headers): Wishes {
  return {
    format: formatOf(headers.get("accept") ?? ""),
    gzip: mayPack(headers.get("accept-encoding") ?? ""),
  };
}
