/** A write that the API server refused, as its Status said it. */
export interface Refusal {
  readonly httpStatus: number;
  /** Empty where the server gave none (webhook denials, typed-patch errors). */
  readonly reason: string;
  readonly message: string;
  readonly causes: readonly RefusalCause[];
  /** `details.kind` and `details.name`, when given. */
  readonly kind?: string;
  readonly name?: string;
}

export interface RefusalCause {
  readonly reason: string;
  readonly message: string;
  /** As the server writes it: `spec.template.spec.containers[0].image`. */
  readonly field: string;
}

/** The namespace of the object is not there; the object itself was not looked at. */
export function isMissingNamespace({ httpStatus, kind }: Refusal): boolean {
  return httpStatus === 404 && kind === "namespaces";
}

/** An admission webhook has side effects, so nobody can say what it makes of the object; the write itself would pass. */
export function isDryRunUnsupported({ message }: Refusal): boolean {
  return /^admission webhook "[^"]*" does not support dry run$/.test(message);
}

/** An admission webhook, or an admission policy, was asked and said no: in words, fields and codes of its own. */
export function isDeniedByAdmission({ message }: Refusal): boolean {
  return WEBHOOK_DENIAL.test(message) || POLICY_DENIAL.test(message);
}

/** At the start, because everything after it is the webhook's to choose. */
export const WEBHOOK_DENIAL = /^admission webhook "[^"]*" denied the request/;

/** After the subject of the message, which holds no quote or colon of the author's. */
export const POLICY_DENIAL =
  /^[\w.-]+(?: "[^"]*")? is forbidden: ValidatingAdmissionPolicy '[^']*' with binding '[^']*' denied request: /;
