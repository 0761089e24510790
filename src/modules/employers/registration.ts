import { sql } from 'kysely'
import { z } from 'zod'
import { hashToken, newToken } from '#kernel/access/sessions.ts'
import { audit } from '#kernel/audit/audit.ts'
import type { Ctx } from '#kernel/context.ts'
import type { FormErrors } from '#kernel/http/forms.ts'
import { localPath } from '#kernel/http/page.ts'
import { newId, newReference } from '#kernel/ids.ts'
import { sendMail } from '#kernel/notifications/send-mail.ts'
import { placesAtlas } from '#kernel/places/places.ts'
import { problem } from '#kernel/problem.ts'
import { tellOfficers } from './notices.ts'
import { readPhone, readTin } from './numbers.ts'
import { reviewDue } from './terms.ts'

/** `agency`: recruits for others, and needs a licence. A closed list: `employers.code.kind.VALUE`. */
export const KINDS = ['employer', 'agency'] as const

/** What somebody who registers is asked. */
export const Registration = z.object({
  kind: z.enum(KINDS, 'employers.register.kind_missing'),
  country: z.string('employers.register.country_missing').regex(/^[A-Z]{2}$/),
  legal_name: z.string('employers.register.name_missing').max(200),
  tin: z.string('employers.register.tin_missing').max(40),
  phone: z.string('employers.register.phone_missing').max(40),
  contact_name: z.string('employers.register.contact_missing').max(120),
  email: z.email('employers.register.email_form').max(254),
})
export type Registration = z.output<typeof Registration>

/** How long the link in the mail can be used. */
export const LINK_HOURS = 48

/** The registration with its numbers in one spelling; or what is wrong, by field, as message keys. */
export async function tidyRegistration(
  ctx: Ctx,
  asked: Registration,
): Promise<{ ok: true; value: Registration } | { ok: false; errors: FormErrors }> {
  const errors: FormErrors = {}
  const country = (await placesAtlas(ctx)).places.get(asked.country)
  if (country?.kind !== 'country') errors.country = 'employers.register.country_missing'
  const tin = readTin(asked.country, asked.tin)
  if ('error' in tin) errors.tin = tin.error
  const phone = readPhone(asked.phone, asked.country)
  if (!phone) errors.phone = 'employers.register.phone_form'
  if ('error' in tin || !phone || Object.keys(errors).length > 0) return { ok: false, errors }
  return { ok: true, value: { ...asked, tin: tin.value, phone, email: asked.email.toLowerCase() } }
}

/**
 * Keeps a registration and mails the link that proves the mailbox. Says the same whether or not the address is known here.
 * @throws unavailable when no mail can go out, too_many when this address had enough of them today
 */
export async function askRegistration(ctx: Ctx, answers: Registration): Promise<void> {
  const [id, token] = [newId(), newToken()]
  await ctx.db
    .insertInto('employers.registration')
    .values({
      id,
      token_hash: hashToken(token),
      answers: JSON.stringify(answers),
      lang: ctx.lang,
      asked_at: ctx.now,
      expires_at: ctx.now.add({ hours: LINK_HOURS }),
    })
    .execute()
  const { t } = ctx
  const link = ctx.platform.config.origin + localPath(ctx, `/employers/confirm/${token}`)
  const sent = await sendMail(ctx, {
    to: answers.email,
    lang: ctx.lang,
    subject: t('employers.mail.subject'),
    body: [t('employers.mail.text'), link, '', t('employers.mail.not_you'), ''].join('\n'),
    idempotency: `employers.registration ${id}`,
  })
  if (sent === 'no_server') throw problem('unavailable', { detail: 'employers.register.no_mail' })
  if (sent === 'quota') throw problem('too_many', { detail: 'employers.register.enough_mails' })
}

/** What an open link stands for; null when there is none, or it was used, or is too old. */
export async function findRegistration(ctx: Ctx, token: string): Promise<{ legal_name: string; email: string } | null> {
  const { rows } = await sql<{ legal_name: string; email: string }>`
    select * from employers.find_registration(${hashToken(token)}, ${ctx.now})`.execute(ctx.db)
  return rows[0] ?? null
}

/**
 * The mailbox is proven: the organisation exists and waits for an officer. Answers where to go on, below the language: to
 * set up password and authenticator, or to sign in where the person has an account already.
 * @throws gone when the link is used or too old, conflict when an employer with this number is here
 */
export async function confirmRegistration(ctx: Ctx, token: string): Promise<string> {
  const [organisation_id, set_up] = [newId(), newToken()]
  const { rows } = await sql<{ outcome: 'gone' | 'taken' | 'known' | 'new' }>`
    select employers.confirm(
      ${hashToken(token)}, ${ctx.now}, ${reviewDue(ctx.now)}, ${newReference()}, ${organisation_id}, ${newId()},
      ${newId()}, ${newId()}, ${hashToken(set_up)}, ${ctx.now.add({ hours: 24 })}
    ) as outcome`.execute(ctx.db)
  const { outcome } = rows[0]!
  if (outcome === 'gone') throw problem('gone', { detail: 'employers.confirm.gone', onward: AGAIN })
  if (outcome === 'taken') throw problem('conflict', { detail: 'employers.confirm.taken' })
  await audit(ctx, 'employer.register', { type: 'employer', id: organisation_id })
  await tellOfficers(ctx)
  return outcome === 'new' ? `/sign-in/set-up/${set_up}` : '/sign-in'
}

const AGAIN = { path: '/employers/register', label: 'employers.register.title' }
