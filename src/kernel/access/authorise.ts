import type { Subject } from '../audit/audit.ts'
import type { Ctx } from '../context.ts'
import { problem } from '../problem.ts'

type Denial = { permission: string; subject: Subject | undefined }

// Remembered beside the error, so that withActor can record it after the request's transaction was rolled back.
const denials = new WeakMap<object, Denial>()

/**
 * Stops with 403 unless the actor may do this. The system may do everything; a visitor nothing that needs a permission.
 * The denial stands in the audit, with the thing it was about when given.
 */
export function authorise(ctx: Pick<Ctx, 'actor'>, permission: string, subject?: Subject): void {
  if (!may(ctx, permission)) throw denied(permission, subject)
}

/** The refusal to throw where a permission was there but not for this thing; it stands in the audit as a denial. */
export function denied(permission: string, subject?: Subject): Error {
  const refusal = problem('forbidden')
  denials.set(refusal, { permission, subject })
  return refusal
}

/** Whether the actor may do this: for showing or hiding a button. The act itself calls authorise(). */
export function may({ actor }: Pick<Ctx, 'actor'>, permission: string): boolean {
  return actor.kind === 'system' || (actor.kind !== 'visitor' && actor.permissions.has(permission))
}

/** What was denied, when this error comes from authorise(). */
export const denialOf = (error: unknown): Denial | undefined =>
  typeof error === 'object' && error !== null ? denials.get(error) : undefined
