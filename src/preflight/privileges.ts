import type { JsonMap } from "../model/json.ts";
import type { KubeObject } from "../model/object.ts";
import type { Problem } from "../model/problem.ts";
import { cautionOf, writtenState, type Planned } from "./planned.ts";
import { containersOf, podSpecsOf, type Container } from "./pod-specs.ts";
import { listed, mapAt, mapsAt, numberAt, textAt, textsAt, told } from "./reading.ts";
import { gained, lost } from "./traits.ts";

/** What pods may do after this change that they could not do before: on their node, as root, or with a token. */
export function privileges(plan: readonly Planned[]): readonly Problem[] {
  return plan.flatMap((planned) => {
    const written = writtenState(planned);
    if (written === undefined) return [];
    const staying = podSpecsOf(written).flatMap(containersOf);
    const found = [...gained(planned, powers), ...lost(planned, losses(staying.map(({ name }) => name)))];
    if (found.length === 0) return [];
    const remedy = "check that its pods need it, and who may change what runs in them";
    return [cautionOf(planned, { code: "privileged", what: listed(found), remedy })];
  });
}

function powers(object: KubeObject): readonly string[] {
  return podSpecsOf(object).flatMap((spec) => [
    ...HOST_PARTS.filter(([field]) => spec[field] === true).map(([, text]) => text),
    ...mapsAt(spec, "volumes").flatMap(hostPath),
    ...(runsAsRoot(spec) ? ["its containers run as root (runAsUser: 0)"] : []),
    ...(isHostProcess(spec) ? ["its containers are processes of their node (hostProcess)"] : []),
    ...containersOf(spec).flatMap(containerPowers),
  ]);
}

const HOST_PARTS = [
  ["hostPID", "its pods see all processes of their node (hostPID)"],
  ["hostIPC", "its pods share memory with their node (hostIPC)"],
] as const;

function hostPath(volume: JsonMap): readonly string[] {
  const path = textAt(volume, "hostPath", "path");
  return path === undefined ? [] : [`its pods mount ${told(path)} of their node (hostPath)`];
}

function runsAsRoot(spec: JsonMap): boolean {
  return numberAt(spec, "securityContext", "runAsUser") === 0;
}

function isHostProcess(spec: JsonMap): boolean {
  return mapAt(spec, "securityContext", "windowsOptions")["hostProcess"] === true;
}

function containerPowers({ name, spec }: Container): readonly string[] {
  const context = mapAt(spec, "securityContext");
  const given = [
    ...(context["privileged"] === true ? ["is privileged: it may do everything on its node"] : []),
    ...(context["allowPrivilegeEscalation"] === true ? ["may gain more rights than it started with"] : []),
    ...(runsAsRoot(spec) ? ["runs as root (runAsUser: 0)"] : []),
    ...(isHostProcess(spec) ? ["is a process of its node (hostProcess)"] : []),
    ...(context["procMount"] === "Unmasked" ? ["sees the whole of /proc"] : []),
    ...(textAt(context, "seccompProfile", "type") === "Unconfined" ? ["may use every system call (Unconfined)"] : []),
    ...textsAt(context, "capabilities", "add")
      .filter((capability) => !HARMLESS.has(capability))
      .map((capability) => `has capability ${told(capability)}`),
  ];
  return given.map((text) => `container ${told(name)} ${text}`);
}

// What container runtimes give by default and the baseline Pod Security Standard allows to add.
const HARMLESS = new Set(
  (
    "AUDIT_WRITE CHOWN DAC_OVERRIDE FOWNER FSETID KILL MKNOD NET_BIND_SERVICE SETFCAP SETGID SETPCAP SETUID " +
    "SYS_CHROOT"
  ).split(" "),
);

/** What holds pods back, said as its loss; of containers only those that stay. */
function losses(staying: readonly string[]): (object: KubeObject) => readonly string[] {
  return (object) => [
    ...(object.kind === "ServiceAccount" ? tokenLoss(object) : []),
    ...(object.kind === "Namespace" ? levelLosses(object) : []),
    ...podSpecsOf(object).flatMap((spec) => [
      ...tokenLoss(spec),
      ...containersOf(spec)
        .filter(({ name }) => staying.includes(name))
        .flatMap((container) => containerLosses(container, spec)),
    ]),
  ];
}

function tokenLoss(map: JsonMap): readonly string[] {
  const isWithout = map["automountServiceAccountToken"] === false;
  return isWithout ? ["its pods are given the token of their ServiceAccount"] : [];
}

const LEVELS = ["baseline", "restricted"];

function levelLosses({ metadata }: KubeObject): readonly string[] {
  const level = metadata.labels?.["pod-security.kubernetes.io/enforce"] ?? "";
  const held = LEVELS.slice(0, LEVELS.indexOf(level) + 1);
  return held.map((name) => `no longer holds its pods to Pod Security level ${name}`);
}

function containerLosses({ name, spec }: Container, podSpec: JsonMap): readonly string[] {
  const context = mapAt(spec, "securityContext");
  const isNonRoot = context["runAsNonRoot"] ?? mapAt(podSpec, "securityContext")["runAsNonRoot"];
  const lost = [
    ...(isNonRoot === true ? ["no longer has to run as another user than root"] : []),
    ...(context["allowPrivilegeEscalation"] === false ? ["is no longer kept from gaining rights"] : []),
    ...(textsAt(context, "capabilities", "drop").includes("ALL") ? ["no longer drops all capabilities"] : []),
  ];
  return lost.map((text) => `container ${told(name)} ${text}`);
}
