import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import {
  nextLink,
  type OffsetPage,
  pagesByCursor,
  pagesByLink,
  pagesByOffset,
} from "./pages.ts";

Deno.test("pagesByCursor() gives all pages up to the one without a cursor", async () => {
  for (const end of [undefined, null, ""]) {
    const asked: unknown[] = [];
    const pages: Record<string, { items: number[]; next?: string | null }> = {
      undefined: { items: [1], next: "b" },
      b: { items: [], next: "c" },
      c: { items: [2, 3], ...(end !== undefined && { next: end }) },
    };
    const all = pagesByCursor((cursor) => {
      asked.push(cursor);
      return Promise.resolve(pages[String(cursor)] ?? { items: [] });
    });
    deepStrictEqual(await Array.fromAsync(all), [1, 2, 3]);
    deepStrictEqual(asked, [undefined, "b", "c"]);
  }
});

Deno.test("pagesByCursor() does not list for ever", async () => {
  const all = pagesByCursor(() => Promise.resolve({ items: [1], next: "a" }));
  await rejects(Array.fromAsync(all), {
    name: "RangeError",
    code: "answer_incomplete",
    message:
      'Cannot list on: the cursor "a" came twice, wanted another one with each page',
  });
});

Deno.test("pagesByOffset() ends with an empty page, and not with a short one", async () => {
  const things = Array.from({ length: 7 }, (_, n) => n);
  const asked: OffsetPage[] = [];
  const all = pagesByOffset((page) => {
    asked.push(page);
    // This API gives three at most, whatever is asked for.
    return Promise.resolve(things.slice(page.offset, page.offset + 3));
  }, { limit: 5 });
  deepStrictEqual(await Array.fromAsync(all), things);
  deepStrictEqual(asked.map(({ offset }) => offset), [0, 3, 6, 7]);
});

/** A Link header, and the address of the next page in it. */
const LINKS: readonly (readonly [string | null, string | undefined])[] = [
  [null, undefined],
  ["", undefined],
  [
    '<https://a/?p=2>; rel="next", <https://a/?p=9>; rel="last"',
    "https://a/?p=2",
  ],
  [
    '<https://a/?p=1>; rel="prev", <https://a/?p=3>; rel="next"',
    "https://a/?p=3",
  ],
  ["</list?a=1,2;3>; rel=next", "/list?a=1,2;3"],
  ['</x>; title="a, b; rel=next"; rel="first"', undefined],
  ['</x>; title="one"; REL="last next"', "/x"],
  ['</x>; rel="nextish"', undefined],
];

for (const [header, next] of LINKS) {
  Deno.test(`nextLink() of ${header}`, () =>
    strictEqual(nextLink(header), next));
}

function linked(links: Readonly<Record<string, string>>) {
  return (url: string) => {
    const { pathname } = new URL(url);
    const link = links[pathname];
    return Promise.resolve(
      new Response(pathname, link === undefined ? {} : { headers: { link } }),
    );
  };
}

Deno.test("pagesByLink() follows the links of one host", async () => {
  const pages = pagesByLink(
    "https://api.example/1",
    linked({
      "/1": '</2>; rel="next"',
      "/2": "<https://api.example/3>; rel=next",
    }),
  );
  const texts: string[] = [];
  for await (const page of pages) texts.push(await page.text());
  deepStrictEqual(texts, ["/1", "/2", "/3"]);
});

Deno.test("pagesByLink() takes no credentials elsewhere, and goes round no circle", async () => {
  const links = [
    ["<https://evil.example/2>; rel=next", "answer_malformed"],
    ["</1>; rel=next", "answer_incomplete"],
  ] as const;
  for (const [link, code] of links) {
    await rejects(
      Array.fromAsync(
        pagesByLink("https://api.example/1", linked({ "/1": link })),
      ),
      {
        code,
        message:
          /^Cannot list on: the next page is https:.* wanted a new one of https:\/\/api\.example$/,
      },
    );
  }
});
