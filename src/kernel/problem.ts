/**
 * The one catalogue of failures. A kind has an HTTP status and the texts `http.problem.KIND.title` and `.text`
 * in every language; for the API it becomes a problem document (RFC 9457).
 */
const PROBLEMS = {
  bad_request: 400,
  unauthenticated: 401,
  forbidden: 403,
  not_found: 404,
  method_not_allowed: 405,
  conflict: 409,
  gone: 410,
  too_large: 413,
  unsupported: 415,
  invalid: 422,
  too_many: 429,
  error: 500,
  unavailable: 503,
} as const

export type ProblemKind = keyof typeof PROBLEMS
export type ProblemStatus = (typeof PROBLEMS)[ProblemKind]

export type ProblemDetails = {
  /** Message key with what happened here in particular, shown below the general text. */
  detail?: string
  values?: Record<string, unknown>
  /** Where to go on instead of the first page: a path without the language, and the message that names it. */
  onward?: { path: string; label: string }
  /** Seconds after which another try makes sense; sent as Retry-After. */
  retryAfter?: number
  /** Field name → what is wrong, for the API. */
  errors?: Record<string, string>
}

/** A failure that a person or an API client is told about. Everything else that is thrown is a fault: 500. */
export class Problem extends Error {
  readonly kind: ProblemKind
  readonly status: ProblemStatus
  readonly details: ProblemDetails
  constructor(kind: ProblemKind, details: ProblemDetails = {}) {
    super(kind)
    this.kind = kind
    this.status = PROBLEMS[kind]
    this.details = details
  }
}

/** `throw problem('not_found')`: rolls the request's transaction back and answers with the problem's page or document. */
export const problem = (kind: ProblemKind, details?: ProblemDetails) => new Problem(kind, details)
