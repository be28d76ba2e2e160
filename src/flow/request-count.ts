import type { ClusterAccess } from "../ports.ts";

/** Sums the requests of all clusters that a run has opened. */
export interface RequestCount {
  count(access: ClusterAccess): ClusterAccess;
  total(): number;
}

export function countRequests(): RequestCount {
  const opened = new Set<ClusterAccess>();
  return {
    count(access) {
      opened.add(access);
      return access;
    },
    total: () => [...opened].reduce((sum, { cluster }) => sum + cluster.requests, 0),
  };
}
