import { deepStrictEqual } from "node:assert/strict";
import { parseQuery } from "../query/parse.ts";
import { modelWarnings } from "./model_warnings.ts";
import { PropertyModel } from "./property_model.ts";
import { zooRegistry } from "./_random_search.ts";
import { Resolver } from "./resolver.ts";

const model = new PropertyModel(zooRegistry());

function warnings(text: string): readonly string[] {
  const resolver = new Resolver(model, { text, nowMs: 0 });
  return modelWarnings(parseQuery(text), resolver);
}

Deno.test("modelWarnings() names what the kinds of a search cannot have", () => {
  const missing = (name: string, kinds: string) =>
    `"${name}" is missing on every node: no kind of ${kinds} has it`;
  const list = (name: string) =>
    `"${name}" is a list and never a single value, ` +
    `write ${name}[*] for each element`;
  const object = (name: string) =>
    `"${name}" is an object and never a single value, ` +
    `write ${name}.key for an entry`;
  const nothing =
    "no kind has all properties of a condition, so that nothing matches";
  const cases: readonly [string, readonly string[]][] = [
    ["is(volume) and volume_size = 3 and name = x", []],
    ["is(resource) and num = 3 and volume_size = 3", []],
    ["is(volume) and num = 3", [missing("num", "volume")]],
    ["is(volume, zoo_account) and num = 3", [
      missing("num", "volume, zoo_account"),
    ]],
    ["is(volume) or num = 3", []],
    ["is(volume) and (num = 3 or volume_size = 3)", []],
    ["is(volume) and parts[*].{x = 1}", [missing("parts[*]", "volume")]],
    ["is(volume) and has_key(part, x)", [missing("part", "volume")]],
    ["is(volume) and account = dev and /metadata.x = 1 and free = 1", [
      missing("free", "volume"),
    ]],
    ["num = 3 and volume_size = 3", [nothing]],
    ["num = 3 --> volume_size = 3", []],
    ["with(any, --> is(volume) and num = 3)", [missing("num", "volume")]],
    ["all {x: --> is(volume) and num = 3}", [missing("num", "volume")]],
    ["words = a", [list("words")]],
    ["not(words != a)", [list("words")]],
    ["words in [a, b]", [list("words")]],
    ["tags = a", [object("tags")]],
    ["words = [a] or words = null or words any = a or words[*] = a", []],
    ["words in [[a]] or words =~ a or free = 3 or part = 3", []],
  ];
  for (const [text, wanted] of cases) {
    deepStrictEqual(warnings(text), wanted, text);
  }
});
