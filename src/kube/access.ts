import type { Clock, ClusterAccess } from "../ports.ts";
import { FIELD_MANAGER } from "../model/ownership-marks.ts";
import { setId } from "./apply-set.ts";
import { createCluster } from "./cluster.ts";
import { connect, type ConnectRequest } from "./connect.ts";
import { createInventories } from "./inventory.ts";
import { createKeys } from "./keys.ts";
import { createLocks } from "./lease.ts";
import { createTransport } from "./transport.ts";

/** One cluster with everything of ours in it, and the way to end the connection. */
export async function openAccess(
  request: ConnectRequest,
  options: { readonly systemNamespace: string; readonly clock: Clock },
): Promise<{ readonly access: ClusterAccess; close(): Promise<void> }> {
  const { systemNamespace: namespace, clock } = options;
  const transport = createTransport(await connect(request), { clock });
  const access: ClusterAccess = {
    cluster: createCluster(transport, { fieldManager: FIELD_MANAGER }),
    inventories: createInventories(transport, { namespace }),
    keys: createKeys(transport, { namespace }),
    locks: createLocks(transport, { namespace, clock }),
    setId: (target) => setId(target, namespace),
  };
  return { access, close: async () => transport[Symbol.asyncDispose]() };
}
