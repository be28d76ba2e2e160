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
  readonly field: string;
}
