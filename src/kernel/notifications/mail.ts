import { sql } from 'kysely'
import type { Ctx } from '../context.ts'
import { isLang, LANGUAGES, type Lang } from '../i18n/languages.ts'
import { translator } from '../i18n/translate.ts'
import { newId } from '../ids.ts'
import type { JobCtx } from '../jobs/job.ts'
import { LIST_PATH, SETTINGS_PATH } from './paths.ts'
import { openMail } from './send-mail.ts'
import { isRefusal, type Transport } from './transport.ts'
import { UNDER_WAY, WAITS } from './waits.ts'

const AT_ONCE = 200

/**
 * Writes the mails that are due: one for each person, whatever has gathered. It says only that something waits, and
 * where: mail is read by others. What was read meanwhile is not mailed, unless it concerns the person: who else is in the
 * account must not keep it quiet. Nor what has nobody to go to any more.
 */
export async function composeMails(ctx: JobCtx, { deliver }: { deliver: boolean }): Promise<void> {
  for (;;) {
    ctx.signal.throwIfAborted()
    const count = await ctx.db.transaction().execute((db) => composeSome({ ...ctx, db }, deliver))
    if (count < AT_ONCE) return
  }
}

async function composeSome(ctx: Ctx, deliver: boolean): Promise<number> {
  // Locked until the mails stand beside them: a second process takes others, or none.
  const { rows } = await sql<{ id: string; user_id: string; locale: string; state: string }>`
    select n.id, n.user_id, u.locale, u.state
    from notifications.notification n
    join access.user_account u on u.id = n.user_id
    where n.mail_at <= ${ctx.now}
      and (n.read_at is null or n.organisation_id is null)
    order by n.user_id, n.id
    limit ${AT_ONCE}
    for update of n skip locked`.execute(ctx.db)
  if (rows.length === 0) return 0
  const active = rows.filter(({ state }) => state === 'active')
  for (const [user_id, due] of Map.groupBy(active, (row) => row.user_id)) {
    const id = newId()
    const { lang, subject, body } = neutralText(ctx, due[0]!.locale)
    await ctx.db
      .insertInto('notifications.delivery')
      .values({
        id,
        user_id,
        channel: 'email',
        lang,
        subject,
        body,
        state: deliver ? 'waiting' : 'kept',
        next_try: deliver ? ctx.now : null,
        idempotency_key: `<${id}@${new URL(ctx.platform.config.origin).hostname}>`,
        created_at: ctx.now,
      })
      .execute()
    await ctx.db
      .insertInto('notifications.delivery_item')
      .values(due.map((one) => ({ delivery_id: id, notification_id: one.id })))
      .execute()
  }
  await ctx.db
    .updateTable('notifications.notification')
    .set({ mail_at: null })
    .where(
      'id',
      'in',
      rows.map(({ id }) => id),
    )
    .execute()
  return rows.length
}

// Never what it is about, how many, or for which organisation: whoever reads along learns nothing.
function neutralText({ platform }: Ctx, locale: string): { lang: Lang; subject: string; body: string } {
  const lang = isLang(locale) ? locale : LANGUAGES[0]
  const t = translator(platform.catalogue, lang)
  const at = (path: string) => `${platform.config.origin}/${lang}${path}`
  return {
    lang,
    subject: t('notifications.mail.subject'),
    body: [
      t('notifications.mail.text'),
      at(LIST_PATH),
      '',
      t('notifications.mail.settings'),
      at(SETTINGS_PATH),
      '',
    ].join('\n'),
  }
}

type Claimed = {
  id: string
  email: string | null
  lang: string
  subject: string | null
  body: string | null
  sealed: Buffer | null
  idempotency_key: string
  attempts: number
}

/** Sends what waits, one mail after the other. What fails waits longer each time, five times, then has failed. */
export async function sendMails(ctx: JobCtx, transport: Transport): Promise<void> {
  for (;;) {
    ctx.signal.throwIfAborted()
    const mail = await claim(ctx)
    if (!mail) return
    try {
      const provider_id = await transport.send({ ...wordsOf(ctx, mail), lang: mail.lang, key: mail.idempotency_key })
      const sent = { state: 'sent', provider_id, error: null, next_try: null, sent_at: ctx.now, sealed: null }
      await settle(ctx, mail.id, sent)
    } catch (error) {
      const wait = isRefusal(error) ? undefined : WAITS[mail.attempts - 1]
      const reason = String((error as { code?: unknown }).code ?? 'unknown').slice(0, 80)
      ctx.log[wait ? 'warn' : 'error'](
        { reason, delivery: mail.id, attempts: mail.attempts },
        'a mail could not be sent',
      )
      await settle(ctx, mail.id, {
        error: reason,
        ...(wait
          ? { next_try: sql<Temporal.Instant>`${ctx.now}::timestamptz + ${wait}::interval` }
          : { state: 'failed', next_try: null, sealed: null }),
      })
    }
  }
}

// Who has an account is written to at the address of today.
const wordsOf = (ctx: Ctx, { id, email, subject, body, sealed }: Claimed) =>
  sealed ? openMail(ctx, id, sealed) : { to: email!, subject: subject!, body: body! }

// Counted before it is tried, in a transaction of its own: a process that dies in the middle leaves it for later.
async function claim(ctx: Ctx): Promise<Claimed | undefined> {
  const { rows } = await sql<Claimed>`
    update notifications.delivery d
    set attempts = d.attempts + 1,
        next_try = ${ctx.now}::timestamptz + ${UNDER_WAY}::interval
    where d.id = (
        select w.id
        from notifications.delivery w
        where w.state = 'waiting'
          and w.next_try <= ${ctx.now}
        order by w.next_try
        limit 1
        for update skip locked
      )
    returning d.id, (select u.email from access.user_account u where u.id = d.user_id) as email, d.lang, d.subject, d.body,
      d.sealed, d.idempotency_key, d.attempts`.execute(ctx.db)
  return rows[0]
}

const settle = (ctx: Ctx, id: string, change: Record<string, unknown>) =>
  ctx.db.updateTable('notifications.delivery').set(change).where('id', '=', id).where('state', '=', 'waiting').execute()
