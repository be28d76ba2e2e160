import type { Api } from "../cluster/api.ts";
import { cpuSeconds } from "./process-tree.ts";

/** What the API server did for a contender. */
export interface ServerWork {
  /** Requests of the contenders' account, those that were refused included. */
  readonly requests: number;
  /** Of these, answered 429 because too many were in flight. */
  readonly refused: number;
  /** Processor time of the API server's process meanwhile. */
  readonly cpuSeconds: number;
}

/** The API server of the bench. */
export interface MeteredServer {
  /** A client of the administrator. */
  readonly api: Api;
  readonly pid: number;
}

/**
 * The flow that requests of an ordinary account belong to. The API server's own requests and the administrator's are
 * exempt from flow control, so this counts the contenders alone.
 */
const FLOW = 'flow_schema="global-default"';

/** Does some work and says what it was to the API server; reading the server's metrics does not count. */
export async function meterServer<Result>(
  { api, pid }: MeteredServer,
  work: () => Promise<Result>,
): Promise<{ readonly result: Result; readonly server: ServerWork }> {
  const before = await readCounters(api);
  const cpuBefore = cpuSeconds(pid);
  const result = await work();
  const cpuAfter = cpuSeconds(pid);
  const after = await readCounters(api);
  const refused = after.refused - before.refused;
  const requests = after.dispatched - before.dispatched + refused;
  return { result, server: { requests, refused, cpuSeconds: cpuAfter - cpuBefore } };
}

async function readCounters(api: Api): Promise<{ readonly dispatched: number; readonly refused: number }> {
  const { status, text } = await api.call("GET", "/metrics");
  if (status !== 200) throw new Error(`kube-apiserver: /metrics answered ${status}`);
  const lines = text.split("\n").filter((line) => line.includes(FLOW));
  return {
    dispatched: sumOf(lines, "apiserver_flowcontrol_dispatched_requests_total"),
    refused: sumOf(lines, "apiserver_flowcontrol_rejected_requests_total"),
  };
}

function sumOf(lines: readonly string[], metric: string): number {
  return lines
    .filter((line) => line.startsWith(`${metric}{`))
    .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(" ") + 1)), 0);
}
