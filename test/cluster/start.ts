import { once } from "node:events";
import { parseArgs } from "node:util";

import { startControlPlane } from "./control-plane.ts";

// node test/cluster/start.ts [--no-controllers]: a real control plane until Ctrl-C.
const { values } = parseArgs({
  options: { controllers: { type: "boolean", default: true } },
  allowNegative: true,
});
const started = performance.now();
await using plane = await startControlPlane({ controllers: values.controllers });
// Before anything is printed: who reads it may answer with a signal at once.
const stop = Promise.race([once(process, "SIGINT"), once(process, "SIGTERM")]);
console.log(`ready after ${((performance.now() - started) / 1000).toFixed(1)} s
server      ${plane.server}
kubeconfig  ${plane.kubeconfig}
logs        ${plane.folder}
processes   ${Object.entries(plane.pids())
  .map(([name, pid]) => `${name} ${pid}`)
  .join(", ")}

  export KUBECONFIG=${plane.kubeconfig}
  ${plane.tools.kubectl} get nodes

Ctrl-C ends it and removes its data`);

await stop;
