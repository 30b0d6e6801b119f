/**
 * A page to read the OpenAPI document, complete in itself: nothing is fetched
 * from elsewhere.
 *
 * @module
 */

/** The page; it reads `/openapi.json` beside it. */
export const DOCS_PAGE = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Skymap API</title>
<style>
  :root { color-scheme: light dark; --line: color-mix(in srgb, currentColor 18%, transparent) }
  body { font: 15px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem }
  h2 { margin: 2rem 0 .5rem; text-transform: capitalize }
  details { border: 1px solid var(--line); border-radius: 6px; margin: .4rem 0; padding: .4rem .8rem }
  summary { cursor: pointer }
  code, pre { font: 13px/1.5 ui-monospace, monospace }
  pre { overflow: auto; border-top: 1px solid var(--line); padding-top: .5rem }
  .method { display: inline-block; width: 4.5rem; font-weight: 700; text-transform: uppercase }
</style>
<h1>Skymap API</h1>
<p>Send <code>Authorization: Bearer …</code> with every request; <code>skymap shell --print-token</code> makes a token.
The document itself is <a href="openapi.json">openapi.json</a>.</p>
<main id="paths">Loading…</main>
<script>
const main = document.getElementById("paths");
const make = (tag, text, ...children) => {
  const element = document.createElement(tag);
  if (text) element.textContent = text;
  element.append(...children);
  return element;
};
fetch("openapi.json").then((answer) => answer.json()).then((document_) => {
  const groups = {};
  for (const [path, methods] of Object.entries(document_.paths)) {
    for (const [method, operation] of Object.entries(methods)) {
      (groups[operation.tags[0]] ??= []).push({ path, method, operation });
    }
  }
  main.replaceChildren();
  for (const [tag, operations] of Object.entries(groups)) {
    main.append(make("h2", tag));
    for (const { path, method, operation } of operations) {
      const name = make("span", method);
      name.className = "method";
      const { parameters, requestBody, responses, security } = operation;
      main.append(make("details", "",
        make("summary", "", name, make("code", path), " " + operation.summary),
        make("pre", JSON.stringify({ parameters, requestBody, responses, security }, null, 2))));
    }
  }
  main.append(make("h2", "shapes"));
  for (const [name, schema] of Object.entries(document_.components.schemas ?? {})) {
    main.append(make("details", "", make("summary", "", make("code", name)),
      make("pre", JSON.stringify(schema, null, 2))));
  }
}, (error) => main.textContent = "Cannot load openapi.json: " + error);
</script>
</html>
`;
