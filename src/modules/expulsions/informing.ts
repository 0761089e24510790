import { sql } from 'kysely'
import { authorise } from '#kernel/access/authorise.ts'
import { audit } from '#kernel/audit/audit.ts'
import type { Ctx, StaffActor } from '#kernel/context.ts'
import { plainDate } from '#kernel/i18n/format.ts'
import { newId } from '#kernel/ids.ts'
import type { LetterLang } from '#kernel/letters/letters.ts'
import { sendSms } from '#kernel/notifications/sms/send-sms.ts'
import { openContacts, type SafeContact, type SealedContact } from '#kernel/people/reach.ts'

/** How somebody told the person face to face or by voice. */
export const WAYS = ['desk', 'visit', 'telephone'] as const
export type Way = (typeof WAYS)[number]

/** What the person is told about: one of the two. */
export type Matter = { type: 'measure' | 'proceeding'; id: string }

export type Informing = { at: Temporal.Instant; way: Way | 'message'; by_name: string | null }

/** When, how and by whom of the actor's office the person was told, the last first. */
export const informingsOf = (ctx: Ctx, { type, id }: Matter): Promise<Informing[]> =>
  ctx.db
    .selectFrom('expulsions.informing as i')
    .leftJoin('access.user_account as u', 'u.id', 'i.by_user')
    .select(['i.at', 'i.way', 'u.name as by_name'])
    .where(type === 'measure' ? 'i.measure_id' : 'i.proceeding_id', '=', id)
    .orderBy('i.at', 'desc')
    .orderBy('i.id', 'desc')
    .limit(20)
    .$castTo<Informing>()
    .execute()

/** Notes that the person was told. Once in five minutes: a second press of the button is no second time. */
export async function noteInformed(ctx: Ctx, { type, id }: Matter, way: Way | 'message'): Promise<void> {
  authorise(ctx, 'expulsion.help', { type, id })
  const recent = ctx.now.subtract({ minutes: 5 })
  const told = await informingsOf(ctx, { type, id })
  if (told.some((one) => one.way === way && Temporal.Instant.compare(one.at, recent) > 0)) return
  const { organisation_id, user_id } = ctx.actor as StaffActor
  await ctx.db
    .insertInto('expulsions.informing')
    .values({
      ...{ id: newId(), organisation_id, way, at: ctx.now, by_user: user_id },
      ...(type === 'measure' ? { measure_id: id } : { proceeding_id: id }),
    })
    .execute()
  await audit(ctx, 'person.inform', { type, id }, { way })
}

/** After so long a number may be somebody else's: the registry forgets it then, too. */
const NUMBER_MONTHS = 36

/**
 * Telephones of the person of a measure that are theirs alone. Noted in the person's own log. None where none is known, and
 * where the person is protected from the actor's office: nobody can tell which.
 */
export async function safeContacts(ctx: Ctx, measure_id: string): Promise<SafeContact[]> {
  authorise(ctx, 'person.reach', { type: 'measure', id: measure_id })
  const since = ctx.now.toZonedDateTimeISO('UTC').subtract({ months: NUMBER_MONTHS }).toInstant()
  const { rows } = await sql<SealedContact>`
    select * from expulsions.reach(${measure_id}, ${newId()}, ${newId()}, ${since}, ${ctx.now})`.execute(ctx.db)
  await audit(ctx, 'person.reach', { type: 'measure', id: measure_id })
  return openContacts(ctx, rows)
}

/** What became of a text message that asks the person to come: it names nobody and no matter. */
export type Asked = 'sent' | 'no_contact' | 'number' | 'quota' | 'no_gateway'

/** Sends a neutral text message to one of the safe telephones, once a day by the clock at home. It tells nothing; it is noted that it was sent. */
export async function askToCome(
  ctx: Ctx,
  measure: { id: string; reference: string },
  contact_id: string,
  lang: LetterLang,
  href: string,
): Promise<Asked> {
  const contact = (await safeContacts(ctx, measure.id)).find(({ id }) => id === contact_id)
  if (!contact) return 'no_contact'
  const answer = await sendSms(ctx, {
    ...{ key: 'please_come', to: contact.phone, home: 'TJ', lang, href },
    idempotency: `please come ${measure.id} ${contact.id} ${plainDate(ctx.now)}`,
  })
  if (answer.kind === 'refused') return answer.why
  await noteInformed(ctx, { type: 'measure', id: measure.id }, 'message')
  return 'sent'
}
