import { randomBytes } from 'node:crypto'
import { sql } from 'kysely'
import { deriveKey, fingerprint } from '#kernel/access/secrets.ts'
import { hashToken } from '#kernel/access/sessions.ts'
import type { Ctx } from '#kernel/context.ts'
import type { Lang } from '#kernel/i18n/languages.ts'
import { newId } from '#kernel/ids.ts'
import { sendMail } from '#kernel/notifications/send-mail.ts'
import { sendSms } from '#kernel/notifications/sms/send-sms.ts'
import { problem } from '#kernel/problem.ts'
import type { Watch } from '#modules/vacancies/public.ts'
import { openFor, sealFor } from '../sealing.ts'

export const CHANNELS = ['email', 'sms'] as const
export type Channel = (typeof CHANNELS)[number]
/** At once, or gathered once a day. */
export const MODES = ['now', 'daily'] as const
export type Mode = (typeof MODES)[number]

/** What lies sealed: where to write, and the token that its links carry. */
export type Address = { to: string; token: string }

/** A search as its link opens it. */
export type SavedSearch = {
  id: string
  state: 'waiting' | 'active' | 'ended'
  channel: Channel
  mode: Mode
  lang: Lang
  label: string
  query: string
  told_at: Temporal.Instant | null
}

/** So many searches one address may have. */
const MOST_SEARCHES = 10

type Wanted = { channel: Channel; to: string; mode: Mode; label: string }

/**
 * Saves a search and sends a link that confirms it: nothing else is ever sent before. The same search again sends the link again.
 * The caller learns nothing of what was there. @throws too_many when the address has ten; unavailable when nothing can be sent
 */
export async function saveSearch(ctx: Ctx, watch: Watch, { channel, to, mode, label }: Wanted): Promise<void> {
  const id = newId()
  const address: Address = { to, token: randomBytes(15).toString('base64url') }
  const row = {
    ...watch,
    ...{ id, channel, lang: ctx.lang, mode, label, state: 'waiting', created_at: ctx.now.toString() },
    address_sealed: bytes(sealFor(ctx, 'saved_search.address', id, address)),
    address_key: bytes(addressKey(ctx, to)),
    token_hash: bytes(hashToken(address.token)),
  }
  const { rows } = await sql<{ id: string | null; outcome: 'saved' | 'known' | 'enough' }>`
    select id, outcome from applications.save_search(${JSON.stringify(row)}::jsonb, ${MOST_SEARCHES})`.execute(ctx.db)
  const [saved] = rows
  if (!saved?.id) throw problem('too_many', { detail: 'applications.alert.enough' })
  const kept = saved.outcome === 'saved' ? address : await addressOf(ctx, saved.id)
  if (kept) await sendLink(ctx, saved.id, kept, channel, label)
}

async function addressOf(ctx: Ctx, id: string): Promise<Address | null> {
  const { rows } = await sql<{ sealed: Buffer | null }>`select applications.search_address(${id}) as sealed`.execute(
    ctx.db,
  )
  const sealed = rows[0]?.sealed
  return sealed ? openFor<Address>(ctx, 'saved_search.address', id, sealed) : null
}

async function sendLink(ctx: Ctx, id: string, { to, token }: Address, channel: Channel, label: string): Promise<void> {
  // Asked again within the hour, it went out already.
  const idempotency = `search ${id} ${(ctx.now.epochMilliseconds / 3_600_000) | 0}`
  const { t, lang } = ctx
  if (channel === 'sms') {
    const answer = await sendSms(ctx, { key: 'link', values: { link: shortLink(ctx, token) }, to, lang, idempotency })
    if (answer.kind === 'refused' && answer.why === 'no_gateway') throw problem('unavailable')
    return
  }
  const sent = await sendMail(ctx, {
    ...{ to, lang, idempotency, subject: t('applications.alert.mail_confirm_subject') },
    body: [
      t('applications.alert.mail_confirm', { label }),
      longLink(ctx, lang, token),
      '',
      t('applications.alert.mail_not_me'),
    ].join('\n'),
  })
  if (sent === 'no_server') throw problem('unavailable')
}

/** The page of a search, in a language. */
export const longLink = ({ platform }: Pick<Ctx, 'platform'>, lang: Lang, token: string): string =>
  `${platform.config.origin}/${lang}/alerts/${token}`

/** The same for a text message. */
export const shortLink = ({ platform }: Pick<Ctx, 'platform'>, token: string): string =>
  `${platform.config.origin}/a/${token}`

/** The search that a link's token opens. @throws not_found */
export async function getSearch(ctx: Ctx, token: string): Promise<SavedSearch> {
  const { rows } = await sql<SavedSearch>`select * from applications.find_search(${hashToken(token)})`.execute(ctx.db)
  if (!rows[0]) throw problem('not_found')
  return rows[0]
}

/** Whoever holds the mailbox or telephone wants it. Again changes nothing, nor after it has ended. */
export async function confirmSearch(ctx: Ctx, token: string): Promise<void> {
  await sql`select applications.confirm_search(${hashToken(token)}, ${ctx.now})`.execute(ctx.db)
}

/** Nothing is sent any more, and the address is forgotten. Again changes nothing. */
export async function endSearch(ctx: Ctx, token: string): Promise<void> {
  await sql`select applications.end_search(${hashToken(token)}, ${ctx.now})`.execute(ctx.db)
}

const addressKey = ({ platform }: Ctx, to: string): Buffer =>
  fingerprint(deriveKey(platform.config.HAMSAFAR_SECRET_KEY, 'saved search address'), to.toLowerCase())

// As jsonb says bytes to PostgreSQL.
const bytes = (buffer: Buffer) => `\\x${buffer.toString('hex')}`
