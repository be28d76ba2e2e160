import { setFlagsFromString } from "node:v8";

/**
 * Keeps the part of the heap where objects begin as small as it is now. V8 would let it grow to 100 MB, of which a run that
 * keeps most of what it reads has no use: the time is the same, and at 5,000 objects 100 MB less are needed.
 */
export function keepNurserySmall(): void {
  // On Node's command line V8 takes 1 for 2.
  setFlagsFromString("--semi-space-growth-factor=1");
}
