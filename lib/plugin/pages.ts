/** A listing that cannot go on, as the reason of a scope that failed. */
class PagesError extends RangeError {
  /** One word for programs. */
  readonly code: string;

  constructor(code: string, message: string) {
    super(`Cannot list on: ${message}`);
    this.code = code;
  }
}

/** A page of a listing that says where the next one is. */
export interface CursorPage<T> {
  /** What is on it. */
  readonly items: Iterable<T>;
  /** What to ask for next; none or an empty text on the last page. */
  readonly next?: string | null | undefined;
}

/**
 * Everything of a listing that gives a cursor with each page.
 *
 * @throws {RangeError} `answer_incomplete` when a cursor comes twice: such a
 * listing never ends, and what was read of it is not all there is.
 *
 * @example
 * ```ts
 * import { pagesByCursor } from "@skymap/lib/plugin";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * const pages = pagesByCursor((cursor) =>
 *   Promise.resolve(
 *     cursor === undefined ? { items: [1, 2], next: "b" } : { items: [3] },
 *   )
 * );
 * deepStrictEqual(await Array.fromAsync(pages), [1, 2, 3]);
 * ```
 */
export async function* pagesByCursor<T>(
  fetchPage: (cursor: string | undefined) => Promise<CursorPage<T>>,
): AsyncGenerator<T> {
  const seen = new Set<string>();
  let cursor: string | undefined;
  for (;;) {
    const { items, next } = await fetchPage(cursor);
    yield* items;
    if (next === undefined || next === null || next === "") return;
    if (seen.has(next)) {
      throw new PagesError(
        "answer_incomplete",
        `the cursor ${
          JSON.stringify(next.slice(0, 40))
        } came twice, wanted another one with each page`,
      );
    }
    seen.add(next);
    cursor = next;
  }
}

/** Where a page of a listing by numbers begins, and how long it is. */
export interface OffsetPage {
  /** Items before it. */
  readonly offset: number;
  /** Items on it at most. */
  readonly limit: number;
}

/**
 * Everything of a listing that is asked for by offset and limit: up to the
 * first page that is empty. A page that is merely short is not taken for the
 * last one, as many APIs cap the limit.
 */
export async function* pagesByOffset<T>(
  fetchPage: (page: OffsetPage) => Promise<readonly T[]>,
  { limit = 100 }: { readonly limit?: number } = {},
): AsyncGenerator<T> {
  for (let offset = 0;;) {
    const items = await fetchPage({ offset, limit });
    if (items.length === 0) return;
    yield* items;
    offset += items.length;
  }
}

/** The address after `rel="next"` in a `Link` header (RFC 8288), if there is one. */
export function nextLink(header: string | null): string | undefined {
  for (
    const [, target, rest = ""] of (header ?? "").matchAll(
      /<([^>]*)>((?:\s*;\s*[^,;"]+(?:"[^"]*")?)*)/g,
    )
  ) {
    // Each parameter as a whole: a title may hold anything.
    const rel = [...rest.matchAll(/;\s*(\w+)\s*=\s*(?:"([^"]*)"|([^\s;"]+))/g)]
      .find(([, name = ""]) => name.toLowerCase() === "rel");
    const names = (rel?.[2] ?? rel?.[3] ?? "").toLowerCase().split(/\s+/);
    if (names.includes("next")) return target;
  }
}

/**
 * The pages of a listing that names the next one in its `Link` header.
 *
 * @throws {RangeError} `answer_incomplete` when a page comes twice, and
 * `answer_malformed` when one lies with another host: it would get the
 * credentials that are meant for the first one.
 */
export async function* pagesByLink<P extends Pick<Response, "headers">>(
  first: string,
  fetchPage: (url: string) => Promise<P>,
): AsyncGenerator<P> {
  const seen = new Set<string>();
  let url: string | undefined = first;
  while (url !== undefined) {
    seen.add(url);
    const page: P = await fetchPage(url);
    yield page;
    const link = nextLink(page.headers.get("link"));
    if (link === undefined) return;
    const next: URL = new URL(link, url);
    const isElsewhere = next.origin !== new URL(first).origin;
    if (isElsewhere || seen.has(next.href)) {
      throw new PagesError(
        isElsewhere ? "answer_malformed" : "answer_incomplete",
        `the next page is ${next.origin}${next.pathname}, wanted a new one of ${
          new URL(first).origin
        }`,
      );
    }
    url = next.href;
  }
}
