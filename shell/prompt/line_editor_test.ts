import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { History } from "./history.ts";
import { KeyReader } from "./keys.ts";
import {
  type EditorState,
  type EditorStep,
  NEW_STATE,
  press,
} from "./line_editor.ts";

const HISTORY = ["search is(volume)", "kinds", "search is(instance) |\n count"];

const UP = "\x1b[A";
const DOWN = "\x1b[B";
const CTRL_R = "\x12";

/** What typing comes to: the line with its cursor, or what else happens. */
function type(...typed: readonly string[]): string {
  const reader = new KeyReader();
  const history = new History(HISTORY);
  let state: EditorState = NEW_STATE;
  for (const key of reader.read(new TextEncoder().encode(typed.join("")))) {
    const step: EditorStep = press(state, key, history);
    if (step.type === "run") return `run ${step.text}`;
    if (step.type !== "edit") return step.type;
    state = step.state;
  }
  const { text, cursor } = state.buffer;
  return `${text.slice(0, cursor)}^${text.slice(cursor)}`;
}

Deno.test("press() edits, runs, cancels and ends", () => {
  deepStrictEqual(
    [
      type("kinds\r"),
      type("kinds\x1b[D\x1b[Dx\r"),
      type("kin\x03"),
      type("\x04"),
      type("kin\x04"),
      type("kin\t"),
      type("\x0c"),
    ],
    [
      "run kinds",
      "run kinxds",
      "cancel",
      "end",
      "kin^",
      "complete",
      "clear_screen",
    ],
  );
});

Deno.test("press() goes on in the next line while the line is open", () => {
  strictEqual(type("search all |\rcount\r"), "run search all |\ncount");
  strictEqual(type("search 'a\rb'\r"), "run search 'a\nb'");
  strictEqual(type("search all \\\rlimit 3\r"), "run search all \nlimit 3");
});

Deno.test("press() goes through the history by what was typed", () => {
  strictEqual(type(UP), "search is(instance) |\n count^");
  strictEqual(type("k", UP), "k^inds");
  strictEqual(type("search", UP, UP), "search^ is(volume)");
  strictEqual(type("search", UP, UP, UP), "search^ is(volume)");
  strictEqual(type("search", UP, UP, DOWN, DOWN), "search^");
  strictEqual(type("search", UP, UP, DOWN), "search^ is(instance) |\n count");
  strictEqual(type("nothing", UP), "nothing^");
});

Deno.test("press() moves between the rows of a line before it leaves it", () => {
  strictEqual(type("one |\rtwo", UP), "one^ |\ntwo");
  strictEqual(type("one |\rtwo", UP, DOWN), "one |\ntwo^");
});

Deno.test("press() searches the history", () => {
  strictEqual(type(CTRL_R, "vol"), "search is(volume)^");
  strictEqual(type(CTRL_R, "search", CTRL_R), "search is(volume)^");
  strictEqual(type(CTRL_R, "search", CTRL_R, CTRL_R), "search is(volume)^");
  strictEqual(type(CTRL_R, "kix", "\x7f"), "kinds^");
  strictEqual(type(CTRL_R, "kin", "\r"), "run kinds");
  strictEqual(type(CTRL_R, "kin", "\x1b[D", "x"), "kindx^s");
  strictEqual(type("abc", CTRL_R, "nothing"), "abc^");
  strictEqual(type(CTRL_R, "kin", "\x03"), "cancel");
  const found = press(
    NEW_STATE,
    { type: "key", name: "ctrl-r" },
    new History(),
  );
  ok(found.type === "edit" && found.state.search !== undefined);
});
