import { expect, test } from "vitest";
import { freshNamespace, kubectl } from "../cluster/cluster.ts";
import { changeLines, engine } from "./engine.ts";

const MADE = `
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, labels: {team: shop, old: x}}
spec:
  replicas: 1
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers: [{name: c, image: "nginx:1", ports: [{containerPort: 80}], env: [{name: A, value: "1"}, {name: B, value: "2"}]}]
---
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {selector: {app: web}, ports: [{port: 80}]}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: web}
data: {a: "1", b: "2"}
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: web}
spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
---
apiVersion: batch/v1
kind: CronJob
metadata: {name: web}
spec:
  schedule: "* * * * *"
  jobTemplate: {spec: {template: {spec: {restartPolicy: Never, containers: [{name: c, image: "nginx:1"}]}}}}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web}
spec: {podSelector: {matchLabels: {app: web}}, ingress: [{ports: [{port: 80}]}]}

---
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: db}
spec:
  serviceName: db
  selector: {matchLabels: {app: db}}
  template:
    metadata: {labels: {app: db}}
    spec:
      containers:
        - name: c
          image: nginx
          readinessProbe: {httpGet: {port: 80}}
          env: [{name: POD, valueFrom: {fieldRef: {fieldPath: metadata.name}}}]
          lifecycle: {preStop: {httpGet: {port: 80}}}
      volumes: [{name: a, configMap: {name: web}}, {name: b, secret: {secretName: s}}, {name: c, hostPath: {path: /tmp}}]
---
apiVersion: apps/v1
kind: DaemonSet
metadata: {name: agent}
spec:
  selector: {matchLabels: {app: agent}}
  template: {metadata: {labels: {app: agent}}, spec: {initContainers: [{name: i, image: "a@sha256:0123456789012345678901234567890123456789012345678901234567890123"}], containers: [{name: c, image: "a:latest"}]}}
---
apiVersion: v1
kind: Secret
metadata: {name: s}
stringData: {k: "a-value-of-a-secret"}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: web}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: web}
subjects: [{kind: ServiceAccount, name: web}]
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: db}
spec: {scaleTargetRef: {apiVersion: apps/v1, kind: StatefulSet, name: nothing}, maxReplicas: 3}
`;

const WANTED = MADE.replace(", old: x", "")
  .replace(`, {name: B, value: "2"}`, "")
  .replace(`, b: "2"`, "")
  .replace(`"nginx:1", ports`, `"nginx:2", ports`);

// `operation: Update` claims all that was stored, the server's defaults with it; only what a manifest said can go.
test.each(["apply", "create", "apply --server-side --field-manager=helm"])(
  "adopting what kubectl %s made is told by reading alone as the server tells it",
  async (verb) => {
    const namespace = await freshNamespace();
    const { plan } = await engine({ namespace });
    await kubectl(["-n", namespace, ...verb.split(" "), "-f", "-"], { input: MADE });
    const told = async (mode: "dry-run" | "read-only"): Promise<readonly string[]> =>
      changeLines((await plan(WANTED, { base: "", adopt: true, mode })).report);
    const asServer = await told("dry-run");
    expect(asServer).toContain(`update ConfigMap web: pull-request data.b "2" -> -`);
    expect((await told("read-only")).map((line) => line.replace(" (offline)", ""))).toEqual(asServer);
  },
);
