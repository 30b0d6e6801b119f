import { deepStrictEqual, strictEqual } from "node:assert/strict";
import type { ActionContext } from "@skymap/lib/plugin";
import plugin, { expirationFault, type TagValidatorConfig } from "./mod.ts";

Deno.test("expirationFault() takes what people write", () => {
  const ctime = "2026-11-01T00:00:00Z";
  const limit = "7d";
  const faults: Readonly<Record<string, string | undefined>> = {
    "7d": undefined,
    P1D: undefined,
    " 2 days ": undefined,
    "8d": "is longer than 7d",
    " Never ": "is longer than 7d",
    "2026-11-05": undefined,
    "2026-12-31": "is longer than 7d",
    "0": "cannot be read",
    "0s": "cannot be read",
    "-1d": "cannot be read",
    "": "cannot be read",
    soon: "cannot be read",
  };
  for (const [text, fault] of Object.entries(faults)) {
    strictEqual(expirationFault(text, { limit, ctime }), fault, text);
  }
  strictEqual(expirationFault("2099-12-31", { limit }), undefined);
  strictEqual(expirationFault("NEVER", { limit: "never" }), undefined);
  strictEqual(expirationFault("x", { limit: "never" }), "cannot be read");
});

Deno.test("tagvalidator names some in a dry run, and counts the rest", async () => {
  const told: string[] = [];
  const context = {
    config: plugin.config?.parse({ enabled: true }),
    issue: (_level: string, message: string) => void told.push(message),
    graph: {
      async *search() {
        await Promise.resolve();
        for (let at = 0; at < 1_000; at++) {
          const reported = { kind: "aws_vpc", tags: { expiration: "30d" } };
          yield { id: `n${at}`, reported: { ...reported, id: `vpc-${at}` } };
        }
      },
    },
  };
  await plugin.actions?.["pre_cleanup_plan"]?.(
    context as unknown as ActionContext<TagValidatorConfig>,
  );
  strictEqual(told.length, 21);
  deepStrictEqual(told.at(-1), "Left 1000 expirations as they are");
});
