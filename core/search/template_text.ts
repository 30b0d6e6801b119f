/**
 * Stored searches with gaps: `is({{kind}}) and age > {{age}}`.
 *
 * @module
 */

/** The dotted name of a value; empty for the value of the section itself. */
export type TemplatePath = readonly string[];

/** A piece of a template. */
export type TemplateNode =
  | { readonly type: "text"; readonly text: string }
  | {
    readonly type: "value";
    readonly path: TemplatePath;
    /** Whether the value goes in as it is, and not as one value. */
    readonly isRaw: boolean;
  }
  | {
    readonly type: "section";
    readonly path: TemplatePath;
    /** Whether it is written when there is no such value. */
    readonly isInverted: boolean;
    readonly nodes: readonly TemplateNode[];
  };

/** What is wrong with a template or with what it is given. */
export class TemplateProblem extends Error {
  /** Names that may have been meant. */
  readonly suggestions: readonly string[];
  /** Whether the message says which template it is about. */
  readonly isNamed: boolean;

  /** Makes a problem; the message is a part of a sentence. */
  constructor(
    message: string,
    options: {
      readonly suggestions?: readonly string[];
      readonly isNamed?: boolean;
    } = {},
  ) {
    super(message);
    this.name = "TemplateProblem";
    this.suggestions = options.suggestions ?? [];
    this.isNamed = options.isNamed ?? false;
  }
}

const NAME = String.raw`[A-Za-z_][\w-]*(?:\.[A-Za-z_][\w-]*)*|\.`;
const TAG = new RegExp(
  String.raw`\{\{\{\s*(${NAME})\s*\}\}\}|` +
    String.raw`\{\{\s*([#^/&]?)\s*(${NAME})\s*\}\}|\{\{![^{}]*\}\}`,
  "g",
);

/** Sections inside of each other at most. */
const MAX_DEPTH = 50;

interface OpenSection {
  readonly name: string;
  readonly isInverted: boolean;
  readonly nodes: TemplateNode[];
}

function pathOf(name: string): TemplatePath {
  return name === "." ? [] : name.split(".");
}

/**
 * Reads a template: `{{name}}`, `{{{name}}}`, `{{#name}}…{{/name}}`,
 * `{{^name}}…{{/name}}` and `{{! remarks }}` of the mustache notation.
 *
 * @throws {TemplateProblem} If a gap has no name or a section no end.
 */
export function parseTemplate(text: string): readonly TemplateNode[] {
  const open: OpenSection[] = [{ name: "", isInverted: false, nodes: [] }];
  const add = (node: TemplateNode) => open.at(-1)?.nodes.push(node);
  const addText = (piece: string) => {
    const stray = piece.indexOf("{{");
    if (stray !== -1) {
      throw new TemplateProblem(
        `"${piece.slice(stray, stray + 12)}" opens a gap without a name, ` +
          `wanted {{name}}, {{#name}}, {{^name}} or {{/name}}`,
      );
    }
    if (piece !== "") add({ type: "text", text: piece });
  };
  let at = 0;
  for (const match of text.matchAll(TAG)) {
    const [image, raw, sign, name = raw ?? ""] = match;
    addText(text.slice(at, match.index));
    at = match.index + image.length;
    if (sign === "#" || sign === "^") {
      if (open.length > MAX_DEPTH) {
        throw new TemplateProblem(
          `more than ${MAX_DEPTH} sections are inside each other`,
        );
      }
      open.push({ name, isInverted: sign === "^", nodes: [] });
    } else if (sign === "/") {
      const section = open.pop();
      if (section === undefined || open.length === 0 || section.name !== name) {
        throw new TemplateProblem(
          `{{/${name}}} ends a section that is not open`,
        );
      }
      const { isInverted, nodes } = section;
      add({ type: "section", path: pathOf(name), isInverted, nodes });
    } else if (name !== "") {
      const isRaw = raw !== undefined || sign === "&";
      add({ type: "value", path: pathOf(name), isRaw });
    }
  }
  addText(text.slice(at));
  const [root, ...rest] = open;
  const unclosed = rest.at(-1);
  if (root === undefined || unclosed !== undefined) {
    throw new TemplateProblem(
      `the section {{#${unclosed?.name}}} has no end, wanted {{/${unclosed?.name}}}`,
    );
  }
  return root.nodes;
}

/** Names of everything that a template may be given, each once. */
export function templateParameters(
  nodes: readonly TemplateNode[],
): readonly string[] {
  const names = new Set<string>();
  for (const node of nodes) {
    if (node.type === "text") continue;
    const [first] = node.path;
    if (first !== undefined) names.add(first);
    if (node.type === "section") {
      for (const name of templateParameters(node.nodes)) names.add(name);
    }
  }
  return [...names];
}
