declare const safe: unique symbol;

/**
 * Text that has been through the masker and then the formatter. Whatever leaves the process (comment, check, summary, log,
 * output, artifact, notification) takes only this type, and only `report/guard.ts` makes it: a raw string does not compile.
 */
export type SafeText = string & { readonly [safe]: true };
