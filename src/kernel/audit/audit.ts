import { actingAs, type Ctx } from '../context.ts'

/** The thing an act was done to: the kind of record and its id or public reference. */
export type Subject = { type: string; id: string }

type PersonalKey =
  | 'name'
  | 'email'
  | 'phone'
  | 'address'
  | 'birth'
  | 'passport'
  | 'document'
  | 'password'
  | 'token'
  | 'pin'

/**
 * What an audit line says beside who, what and on what: counts, codes, ids, dates. Never a personal value: the
 * database refuses sentences, addresses, telephone numbers, and keys that announce them.
 */
export type AuditDetails = { [key: string]: string | number | boolean | null } & { [K in PersonalKey]?: never }

/**
 * Writes one audit line in the transaction of the act itself: both are kept or neither. `action` is a verb on a thing
 * (`vacancy.publish`). A line about a protected case is written by staff, so that it carries their organisation.
 */
export async function audit(
  { actor, db }: Pick<Ctx, 'actor' | 'db'>,
  action: string,
  subject?: Subject,
  details: AuditDetails = {},
): Promise<void> {
  const as = actingAs(actor)
  await db
    .insertInto('audit.entry')
    .values({
      actor_kind: actor.kind,
      actor_id: as?.id ?? null,
      organisation_id: as?.organisation_id ?? null,
      task: actor.kind === 'system' ? actor.task : null,
      action,
      subject_type: subject?.type ?? null,
      subject_id: subject?.id ?? null,
      details: JSON.stringify(details),
    })
    .execute()
}
