/** Levels of lists and objects in one element at most. */
export const MAX_LEVELS = 100;

/** How many lists and objects of a JSON text lie within each other at most. */
export function nestingOf(json: string): number {
  let level = 0;
  let deepest = 0;
  let inText = false;
  for (let at = 0; at < json.length; at++) {
    const sign = json.charCodeAt(at);
    if (inText) {
      if (sign === 92) at++;
      else if (sign === 34) inText = false;
    } else if (sign === 34) inText = true;
    else if (sign === 123 || sign === 91) {
      level++;
      if (level > deepest) deepest = level;
    } else if (sign === 125 || sign === 93) level--;
  }
  return deepest;
}
