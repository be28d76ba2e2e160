/** Which object: the same in every version of its kind. Cluster-scoped objects have no namespace. */
export interface Ref {
  readonly group: string;
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
}

/** How a message names an object: `apps/Deployment shop/web`, `Namespace shop`. */
export function formatRef(ref: Ref): string {
  const kind = ref.group === "" ? ref.kind : `${ref.group}/${ref.kind}`;
  return `${kind} ${ref.namespace === undefined ? "" : `${ref.namespace}/`}${ref.name}`;
}

/** Equal for two refs exactly when they name the same object. */
export function refKey(ref: Ref): string {
  return `${ref.group}/${ref.kind}/${ref.namespace ?? ""}/${ref.name}`;
}

/** Namespace, then kind, then name: the order in which people look for an object. */
export function compareRefs(a: Ref, b: Ref): number {
  return compareText(sortKey(a), sortKey(b));
}

function sortKey(ref: Ref): string {
  return [ref.namespace ?? "", ref.kind, ref.group, ref.name].join("\u0000");
}

/** Code-unit order, the same on every machine whatever its locale. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
