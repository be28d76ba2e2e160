/**
 * What a plan may ask of the cluster:
 * - `dry-run`: what the server would answer to each write
 * - `read-only`: what is there
 * - `offline`: nothing
 * - `auto`: dry-runs where our identity may, reads elsewhere
 */
export const MODES = ["auto", "dry-run", "read-only", "offline"] as const;

export type Mode = (typeof MODES)[number];
