import { sql } from 'kysely'
import { z } from 'zod'
import { authorise } from '#kernel/access/authorise.ts'
import { hashToken, newToken, staffOf } from '#kernel/access/sessions.ts'
import { audit } from '#kernel/audit/audit.ts'
import type { Ctx } from '#kernel/context.ts'
import { localPath } from '#kernel/http/page.ts'
import { inLanguage } from '#kernel/i18n/in-language.ts'
import { LANGUAGES } from '#kernel/i18n/languages.ts'
import { newId } from '#kernel/ids.ts'
import { sendMail } from '#kernel/notifications/send-mail.ts'
import { problem } from '#kernel/problem.ts'
import { ownEmployer } from './employers.ts'
import { LINK_HOURS } from './registration.ts'

const ADMINISTER = 'employer.administer'

/** Who is asked to join. */
export const Invitation = z.object({
  name: z.string('employers.colleagues.name_missing').max(120),
  email: z.email('employers.register.email_form').max(254),
  lang: z.enum(LANGUAGES),
  administers: z.literal('yes').optional(),
})

export type Colleague = {
  user_id: string
  name: string
  email: string
  since: Temporal.Instant
  /** May bring in and part with others. */
  administers: boolean
  /** Holds roles of an employer only: its administrators may end the membership. */
  ours: boolean
}

/** Who works for the own employer now, who came first first. */
export async function colleagues(ctx: Ctx): Promise<Colleague[]> {
  authorise(ctx, ADMINISTER)
  const { rows } = await sql<Colleague>`select * from employers.colleagues()`.execute(ctx.db)
  return rows
}

/** Whom the own employer asked, and who may still come. */
export async function openInvitations(ctx: Ctx) {
  authorise(ctx, ADMINISTER)
  return ctx.db
    .selectFrom('employers.invitation')
    .select(['id', 'name', 'email', 'expires_at'])
    .where('organisation_id', '=', staffOf(ctx).organisation_id)
    .where('joined_at', 'is', null)
    .where('withdrawn_at', 'is', null)
    .where('expires_at', '>', ctx.now)
    .orderBy('invited_at', 'desc')
    .execute()
}

/**
 * Mails somebody the link with which they join the own employer; asked again, the former link ends. Whether the address has an
 * account already is told to nobody. Wants a fresh proof.
 * @throws unavailable when no mail can go out, too_many when this address had enough of them today
 */
export async function inviteColleague(ctx: Ctx, given: z.output<typeof Invitation>): Promise<void> {
  authorise(ctx, ADMINISTER)
  const { organisation_id, legal_name } = await ownEmployer(ctx)
  const [id, token, email] = [newId(), newToken(), given.email.toLowerCase()]
  await ctx.db
    .updateTable('employers.invitation')
    .set({ withdrawn_at: ctx.now })
    .where('organisation_id', '=', organisation_id)
    .where('email', '=', email)
    .where('joined_at', 'is', null)
    .where('withdrawn_at', 'is', null)
    .execute()
  await ctx.db
    .insertInto('employers.invitation')
    .values({
      ...{ id, organisation_id, token_hash: hashToken(token), email, name: given.name, lang: given.lang },
      ...{ administers: given.administers === 'yes', invited_by: staffOf(ctx).user_id, invited_at: ctx.now },
      expires_at: ctx.now.add({ hours: LINK_HOURS }),
    })
    .execute()
  const { t } = inLanguage(ctx, given.lang)
  const link = ctx.platform.config.origin + localPath({ lang: given.lang }, `/employers/join/${token}`)
  const sent = await sendMail(ctx, {
    to: email,
    lang: given.lang,
    subject: t('employers.invitation.subject'),
    body: [t('employers.invitation.text', { name: legal_name }), link, '', t('employers.mail.not_you'), ''].join('\n'),
    idempotency: `employers.invitation ${id}`,
  })
  if (sent === 'no_server') throw problem('unavailable', { detail: 'employers.register.no_mail' })
  if (sent === 'quota') throw problem('too_many', { detail: 'employers.register.enough_mails' })
  await audit(ctx, 'employer.invite', { type: 'employer', id: organisation_id }, { invitation: id })
}

/** Takes an invitation back: its link opens nothing. A second time changes nothing. Wants a fresh proof. */
export async function withdrawInvitation(ctx: Ctx, id: string): Promise<void> {
  authorise(ctx, ADMINISTER)
  const { organisation_id } = staffOf(ctx)
  const taken = await ctx.db
    .updateTable('employers.invitation')
    .set({ withdrawn_at: ctx.now })
    .where('id', '=', id)
    .where('organisation_id', '=', organisation_id)
    .where('joined_at', 'is', null)
    .where('withdrawn_at', 'is', null)
    .executeTakeFirst()
  if (taken.numUpdatedRows > 0n)
    await audit(ctx, 'employer.uninvite', { type: 'employer', id: organisation_id }, { invitation: id })
}

/**
 * Ends the membership of a colleague, and with it what they are signed in to here; nobody ends the own one. Wants a fresh proof.
 * @throws not_found for who is no colleague with roles of an employer only
 */
export async function endColleague(ctx: Ctx, user_id: string): Promise<void> {
  authorise(ctx, ADMINISTER)
  if (user_id === staffOf(ctx).user_id) throw problem('forbidden')
  const { rows } = await sql<{ ended: boolean }>`select employers.end_colleague(${user_id}) as ended`.execute(ctx.db)
  if (!rows[0]!.ended) throw problem('not_found')
  const { organisation_id } = staffOf(ctx)
  await audit(ctx, 'user.end_membership', { type: 'user', id: user_id }, { organisation: organisation_id })
}

/** What an open invitation stands for; null when there is none, or it was used, taken back, or is too old. */
export async function findInvitation(ctx: Ctx, token: string): Promise<{ legal_name: string; email: string } | null> {
  const { rows } = await sql<{ legal_name: string; email: string }>`
    select * from employers.find_invitation(${hashToken(token)}, ${ctx.now})`.execute(ctx.db)
  return rows[0] ?? null
}

/**
 * Whoever holds the mailbox joins. Answers where to go on, below the language: to set up password and authenticator, or to sign
 * in where the person has an account already. @throws gone when the link opens nothing any more
 */
export async function joinColleagues(ctx: Ctx, token: string): Promise<string> {
  const set_up = newToken()
  const { rows } = await sql<{ outcome: 'gone' | 'known' | 'new'; employer: string }>`
    select * from employers.join_colleagues(
      ${hashToken(token)}, ${ctx.now}, ${newId()}, ${newId()}, ${newId()}, ${hashToken(set_up)},
      ${ctx.now.add({ hours: 24 })}
    )`.execute(ctx.db)
  const { outcome, employer } = rows[0]!
  if (outcome === 'gone') throw problem('gone', { detail: 'employers.join.gone' })
  await audit(ctx, 'employer.join', { type: 'employer', id: employer })
  return outcome === 'new' ? `/sign-in/set-up/${set_up}` : '/sign-in'
}
