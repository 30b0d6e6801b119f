import {
  deepStrictEqual,
  rejects,
  strictEqual,
  throws,
} from "node:assert/strict";
import type { ActiveConfigJson } from "../client/config_types.ts";
import { SkymapError } from "../errors.ts";
import { FollowedConfig } from "./followed_config.ts";

const { signal } = new AbortController();

/** Core with one document, whose versions count up. */
class FakeDocument {
  size: number | undefined;
  isAway = false;
  asked: (string | undefined)[] = [];

  fetch(unless: string | undefined): Promise<ActiveConfigJson | null> {
    this.asked.push(unless);
    if (this.isAway) {
      return Promise.reject(new SkymapError("core_unreachable", "No core"));
    }
    const version = `v${this.size}`;
    return Promise.resolve(
      version === unless ? null : {
        version,
        config: this.size === undefined ? {} : { size: this.size },
      },
    );
  }
}

function follow(document: FakeDocument) {
  const changes: number[] = [];
  const followed = new FollowedConfig({
    fetch: (unless) => document.fetch(unless),
    read: ({ size = 1 }) => {
      if (Number(size) > 9) throw new SkymapError("config_invalid", "Too big");
      return Number(size);
    },
    onChange: (size) => changes.push(size),
  });
  return { followed, changes };
}

Deno.test("FollowedConfig takes up each version once", async () => {
  const document = new FakeDocument();
  const { followed, changes } = follow(document);
  await followed.refresh(signal);
  strictEqual(followed.current, 1);
  document.size = 5;
  await followed.refresh(signal);
  await followed.refresh(signal);
  strictEqual(followed.current, 5);
  deepStrictEqual(changes, [5]);
  deepStrictEqual(document.asked, [undefined, "vundefined", "v5"]);
});

Deno.test("FollowedConfig goes on with the last good one, and says why", async () => {
  const document = new FakeDocument();
  const { followed } = follow(document);
  document.size = 3;
  await followed.refresh(signal);
  document.size = 99;
  await followed.refresh(signal);
  strictEqual(followed.current, 3);
  strictEqual(followed.problem, "Too big");
  document.isAway = true;
  await followed.refresh(signal);
  document.isAway = false;
  await followed.refresh(signal);
  strictEqual(followed.problem, "Too big", "it still is");
  document.size = 4;
  await followed.refresh(signal);
  strictEqual(followed.current, 4);
  strictEqual(followed.problem, undefined);
  document.isAway = true;
  await followed.refresh(signal);
  strictEqual(followed.current, 4);
  strictEqual(followed.problem, "No core");
});

Deno.test("FollowedConfig has nothing to go by when the first one is broken", async () => {
  const document = new FakeDocument();
  const { followed, changes } = follow(document);
  document.isAway = true;
  await rejects(followed.refresh(signal), { code: "core_unreachable" });
  document.isAway = false;
  document.size = 99;
  await followed.refresh(signal);
  strictEqual(followed.isKnown, false);
  throws(() => followed.current, { code: "config_invalid" });
  document.size = 3;
  await followed.refresh(signal);
  deepStrictEqual(changes, [3], "who waited for it hears of it");
});
