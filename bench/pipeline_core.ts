/**
 * Serves the API over the index that `search_fill.ts` made, without its record,
 * until it is killed. Prints its port.
 *
 * Words: data directory.
 */
import { apiOf } from "../core/http/_test_api.ts";
import { IndexReader } from "../core/index/reader.ts";
import { Searcher } from "../core/search/searcher.ts";
import { openIndex } from "./search_place.ts";
import { worldRegistry } from "./search_world.ts";

const [dataDir = ""] = Deno.args;
const reader = new IndexReader(await openIndex(dataDir));
const searcher = new Searcher({ reader, registry: worldRegistry() });
const api = apiOf({
  search: (form, { text, read = text, ...options }) =>
    searcher.lines(read, form, options),
  coverage: ({ text, read = text, ...options }) =>
    searcher.coverage(read, options),
  counts: ({ text, read = text, ...options }) => searcher.counts(read, options),
  structure: (text) => JSON.parse(JSON.stringify(searcher.structure(text))),
  expand: (text, options) => searcher.expand(text, options),
});
Deno.serve({
  hostname: "127.0.0.1",
  port: 0,
  onListen: ({ port }) =>
    Deno.stdout.writeSync(new TextEncoder().encode(`${port}\n`)),
}, (request) => api.fetch(request));
