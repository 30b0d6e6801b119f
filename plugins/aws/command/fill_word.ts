import { isJsonObject, type Json } from "@skymap/lib/plugin";

const PIECE = /\{\{|\}\}|\{([^{}]*)\}|[{}]/g;
/** Pieces of the texts in JSON: of its braces, only those around a path count. */
const JSON_PIECE = /\{\{([^{}]*)\}\}|(?<!\$)\{([^{}]*)\}/g;
const PATH = /^\/?[A-Za-z_][\w-]*(\.[A-Za-z_][\w-]*|\[\d+\])*$/;

/** Whether a word is JSON, whose braces are its own. */
export function isJsonText(word: string): boolean {
  if (!/^\s*[[{]/.test(word)) return false;
  try {
    JSON.parse(word);
    return true;
  } catch {
    return false;
  }
}

/** The value at a path of a node: in what is reported, or from `/` on. */
function valueAt(node: Json, path: string): Json | undefined {
  const steps = path.replace(/^\//, "").split(/\.|(?=\[)/);
  if (!path.startsWith("/")) steps.unshift("reported");
  let value: Json | undefined = node;
  for (const step of steps) {
    const at = /^\[(\d+)\]$/.exec(step)?.[1];
    if (at !== undefined) {
      value = Array.isArray(value) ? value[Number(at)] : undefined;
    } else {
      value = isJsonObject(value) && Object.hasOwn(value, step)
        ? value[step]
        : undefined;
    }
  }
  return value;
}

/** The value for a gap of a word, as text. */
function gapOf(word: string, path: string, node: Json | undefined): string {
  if (node === undefined) {
    throw new TypeError(
      `"${word}" has "{${path}}", which nothing fills: no nodes come in`,
    );
  }
  const value = valueAt(node, path);
  if (value === undefined || value === null || typeof value === "object") {
    throw new TypeError(`"${word}": the node has no single value at ${path}`);
  }
  return String(value);
}

/**
 * Fills the gaps of a word, such as `{id}` or `{/ancestors.zone.reported.id}`,
 * with the values of a node. `{{` and `}}` are braces.
 *
 * @throws {TypeError} If a gap is no path, or the node has no such value: nothing
 * is ever called with a part missing.
 */
export function fillWord(word: string, node: Json | undefined): string {
  return word.replace(PIECE, (piece, path: string | undefined) => {
    if (piece === "{{" || piece === "}}") return piece.slice(1);
    if (path !== undefined && PATH.test(path.trim())) {
      return gapOf(word, path.trim(), node);
    }
    throw new TypeError(
      `"${word}" has "${piece}", wanted a path as {id}, or {{ and }} for braces`,
    );
  });
}

/**
 * Fills the gaps of a text that stands in JSON. Braces around anything but a path
 * are its own, as in `${aws:username}` or the text of a policy; `{{id}}` is `{id}`.
 *
 * @throws {TypeError} If the node has no such value.
 */
export function fillJsonText(text: string, node: Json | undefined): string {
  return text.replace(JSON_PIECE, (piece, plain?: string, path = "") => {
    if (plain !== undefined) {
      return PATH.test(plain.trim()) ? piece.slice(1, -1) : piece;
    }
    return PATH.test(path.trim()) ? gapOf(text, path.trim(), node) : piece;
  });
}
