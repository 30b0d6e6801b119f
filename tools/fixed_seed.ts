/**
 * Loaded before every test where `CI` is `true`: property tests then try the same
 * cases each time, so that a change is judged by itself. Elsewhere each run tries
 * others, and `SKYMAP_TEST_SEED` names them.
 *
 * @module
 */

import fc from "fast-check";

/** The cases that CI tries. */
const CI_SEED = 20_261_121;

const named = Deno.env.get("SKYMAP_TEST_SEED");
const isCi = Deno.env.get("CI") === "true";

if (named !== undefined) fc.configureGlobal({ seed: Number(named) });
else if (isCi) fc.configureGlobal({ seed: CI_SEED });
