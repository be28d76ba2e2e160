/** The parts of an event of the API server's audit log that are read here. */
export interface AuditEvent {
  readonly auditID: string;
  readonly stage: string;
  readonly verb: string;
  readonly requestURI: string;
  readonly user: { readonly username: string };
  readonly responseStatus?: { readonly code?: number };
  /** Of deletions only. */
  readonly requestObject?: DeleteOptions;
  readonly requestReceivedTimestamp: string;
  readonly stageTimestamp: string;
}

interface DeleteOptions {
  readonly preconditions?: { readonly uid?: string };
  readonly propagationPolicy?: string;
  readonly dryRun?: readonly string[];
}

/** A request that the API server has answered. */
export interface KubeRequest {
  readonly user: string;
  /** In the server's words: get, list, create, update, patch, delete. */
  readonly verb: string;
  readonly uri: string;
  readonly status: number | undefined;
  /** Of a deletion: what it asks for beyond the path. */
  readonly options: string;
  /** `read` asks, `dry-run` is tried and thrown away, `write` is kept. */
  readonly effect: "read" | "dry-run" | "write";
  /** RFC 3339 with microseconds, so that they sort as texts. */
  readonly received: string;
  readonly answered: string;
}

export function toKubeRequest(event: AuditEvent): KubeRequest {
  const { verb, requestURI: uri, user, responseStatus, requestObject: options } = event;
  return {
    user: user.username,
    verb,
    uri,
    status: responseStatus?.code,
    options: optionsText(options),
    effect: effectOf(event),
    received: event.requestReceivedTimestamp,
    answered: event.stageTimestamp,
  };
}

const READING = ["get", "list", "watch"];
const REVIEW = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";

function effectOf({ verb, requestURI, requestObject }: AuditEvent): KubeRequest["effect"] {
  const { pathname, searchParams } = new URL(requestURI, "https://cluster");
  if (READING.includes(verb) || pathname === REVIEW) return "read";
  // A deletion's body makes the server ignore the query, so only the body counts there.
  const dryRun = verb === "delete" ? requestObject?.dryRun?.join(",") : searchParams.get("dryRun");
  return dryRun === "All" ? "dry-run" : "write";
}

function optionsText(options: DeleteOptions | undefined): string {
  if (options === undefined) return "";
  const { preconditions, propagationPolicy, dryRun } = options;
  const parts = [
    ...(dryRun === undefined ? [] : [`dryRun=${dryRun.join(",")}`]),
    ...(preconditions?.uid === undefined ? [] : [`uid=${preconditions.uid}`]),
    ...(propagationPolicy === undefined ? [] : [`propagationPolicy=${propagationPolicy}`]),
  ];
  return ` (${parts.join(" ")})`;
}
