/**
 * The version of this program.
 *
 * @module
 */

/** As in CHANGELOG.md. */
export const VERSION = "0.1.0";
