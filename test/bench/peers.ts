import { join } from "node:path";
import { builtProgram } from "../workflows/go-program.ts";
import type { Provided } from "../workflows/provided.ts";

const PEERS = join(import.meta.dirname, "peers");

/** The other tools that Go builds; each may be missing, and then says why. */
export interface Peers {
  /** A small driver of fluxcd/pkg/ssa. */
  readonly flux: Provided;
  readonly kapp: Provided;
}

/** Builds the peers, or takes them from the cache. */
export async function providePeers(): Promise<Peers> {
  return {
    flux: await orWhyNot("flux", { package: ".", sources: ["main.go"] }),
    kapp: await orWhyNot("kapp", { package: "carvel.dev/kapp/cmd/kapp" }),
  };
}

// A peer that cannot be built is a row that says so, not the end of the bench.
async function orWhyNot(
  name: string,
  what: { readonly package: string; readonly sources?: readonly string[] },
): Promise<Provided> {
  try {
    return await builtProgram({ name, module: join(PEERS, name), ...what });
  } catch (error) {
    return { kind: "unavailable", why: String(error) };
  }
}
