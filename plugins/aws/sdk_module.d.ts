/** What a service's part of the SDK exports, as far as its types are read. */
declare const exports: Readonly<Record<string, unknown>>;
export = exports;
