/**
 * The page that Prometheus reads, in the form that it wants.
 *
 * @module
 */

import type { MetricBlock } from "./metric_block.ts";
import { gzipOf, joinBytes, Piece } from "./piece.ts";
import { Stretch } from "./stretch.ts";
import { readWishes } from "./wishes.ts";
import type { PageFormat } from "./write_family.ts";

/** Media type of each format. */
const MEDIA_TYPES: Readonly<Record<PageFormat, string>> = {
  text: "text/plain; version=0.0.4; charset=utf-8",
  openmetrics: "application/openmetrics-text; version=1.0.0; charset=utf-8",
};

/** The end of a page of OpenMetrics: without it the page was cut. */
const END = new Piece("# EOF\n");

async function piecesOf(
  blocks: readonly MetricBlock[],
  format: PageFormat,
): Promise<readonly Piece[]> {
  const pieces: Piece[] = [];
  const stretch = new Stretch();
  for (const block of blocks) {
    pieces.push(...await block.pieces(format));
    await stretch.pause();
  }
  if (format === "openmetrics") pieces.push(END);
  return pieces;
}

/** One packed file of them; what was packed before is not packed again. */
async function gzip(
  pieces: readonly Piece[],
): Promise<Uint8Array<ArrayBuffer>> {
  const stretch = new Stretch();
  for (const piece of pieces) {
    piece.pack();
    await stretch.pause();
  }
  return gzipOf(pieces);
}

/** The page as text. */
export async function pageText(
  blocks: readonly MetricBlock[],
  format: PageFormat = "text",
): Promise<string> {
  const pieces = await piecesOf(blocks, format);
  return new TextDecoder().decode(joinBytes(pieces.map(({ bytes }) => bytes)));
}

/**
 * Answers with the page: text of Prometheus, or OpenMetrics if that is liked
 * better, packed if it may be. Whoever wants neither gets text.
 */
export async function answerMetrics(
  { method, headers }: Pick<Request, "method" | "headers">,
  blocks: readonly MetricBlock[],
): Promise<Response> {
  const wishes = readWishes(headers);
  const pieces = await piecesOf(blocks, wishes.format);
  const body = wishes.gzip
    ? await gzip(pieces)
    : joinBytes(pieces.map(({ bytes }) => bytes));
  return new Response(method === "HEAD" ? null : body, {
    headers: {
      "content-type": MEDIA_TYPES[wishes.format],
      "content-length": String(body.length),
      vary: "Accept, Accept-Encoding",
      ...(wishes.gzip && { "content-encoding": "gzip" }),
    },
  });
}
