import { digestsOf, STATE } from "./digest-corpus.ts";

// node digest-program.ts: the digests of the corpus, as this machine in this place and language computes them.

const digests = { "with a key": digestsOf(STATE, "a random key"), "without a key": digestsOf(STATE, undefined) };
process.stdout.write(`${JSON.stringify(digests, undefined, 2)}\n`);
