import { deepStrictEqual, match } from "node:assert/strict";
import { request } from "./_test_api.ts";

Deno.test("docs/api.md has every path of the API, each with an example", async () => {
  const { paths } = await (await request("/openapi.json")).json();
  const served = Object.entries(paths as Record<string, object>).flatMap(
    ([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  );
  const docs = new URL("../../docs/api.md", import.meta.url);
  const sections = (await Deno.readTextFile(docs)).split(/^### /m).slice(1);
  const written: string[] = [];
  for (const section of sections) {
    const [, method, path] = /^`([A-Z]+) (\S+)`$/m.exec(section) ?? [];
    if (method === undefined || path === undefined) continue;
    written.push(`${method} ${path}`);
    const place = path.replaceAll(".", "\\.").replaceAll(/\{\w+\}/g, "[^/?]+");
    match(
      section,
      new RegExp(`^api '?${place}(?=[?' \\n])`, "m"),
      `an example of ${method} ${path}`,
    );
  }
  deepStrictEqual(written.sort(), served.sort());
});
