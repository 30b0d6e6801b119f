/**
 * Answers one search in a process of its own and prints the memory that it took
 * at most, in MB; without a search, that of an open index.
 *
 * Words: data directory; list, count or aggregate; the search.
 */
import { IndexReader } from "../core/index/reader.ts";
import { Searcher } from "../core/search/searcher.ts";
import { residentMb } from "./core_process.ts";
import type { SearchCase } from "./search_cases.ts";
import { openIndex } from "./search_place.ts";
import { worldRegistry } from "./search_world.ts";

const [dataDir = "", form = "list", search = ""] = Deno.args;
const reader = new IndexReader(await openIndex(dataDir));
const searcher = new Searcher({ reader, registry: worldRegistry() });
if (search === "") await reader.rows({ sql: "select 1", parameters: [] });
else if (form === "count") await searcher.count(search);
else {
  const kind = form as Exclude<SearchCase["form"], "count">;
  const lines = searcher.lines(search, kind);
  // As core does: what came is passed on and forgotten.
  while ((await lines.next()).done !== true);
}
const text = `${await residentMb(Deno.pid, "peak")}\n`;
Deno.stdout.writeSync(new TextEncoder().encode(text));
Deno.exit(0);
