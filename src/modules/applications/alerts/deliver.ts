import { sql } from 'kysely'
import type { Ctx } from '#kernel/context.ts'
import { inLanguage } from '#kernel/i18n/in-language.ts'
import { isLang, LANGUAGES } from '#kernel/i18n/languages.ts'
import { defineJob } from '#kernel/jobs/job.ts'
import { onceMore } from '#kernel/jobs/runs.ts'
import { sendMail } from '#kernel/notifications/send-mail.ts'
import { sendSms } from '#kernel/notifications/sms/send-sms.ts'
import { openFor } from '../sealing.ts'
import { matchNewAdverts } from './match.ts'
import { type Address, type Channel, longLink, type Mode, shortLink } from './searches.ts'

/** "At once" gathers what comes within two hours of the last message. */
const PAUSE = { hours: 2 }
/** So many adverts stand in a message; the list shows the others. */
const SHOWN = 10
const AT_ONCE = 2_000

export const ALERTS_TASK = 'applications.alerts'
const HALF_A_MINUTE = 30

/** Twice a minute: new adverts meet the searches that wait for them, then messages go into the queue. */
export const alertsJob = defineJob<{ again?: boolean }>({
  async run(ctx, { again }) {
    if (!again) await onceMore(ctx, ALERTS_TASK, HALF_A_MINUTE)
    const matched = await matchNewAdverts(ctx, ctx.signal)
    if (matched.adverts > 0) ctx.log.info(matched, 'new adverts met the searches that wait for them')
    await deliverAlerts(ctx, ctx.signal)
  },
})

type Due = {
  id: string
  channel: Channel
  mode: Mode
  lang: string
  label: string
  query: string
  address_sealed: Buffer
}

/** Tells whoever has something new and was not told of late: at once, or from eight in the morning. Owner's connection. */
async function deliverAlerts(ctx: Ctx, signal?: AbortSignal): Promise<void> {
  const morning = ctx.now.toZonedDateTimeISO('Asia/Dushanbe').with({ hour: 8, minute: 0, second: 0, millisecond: 0 })
  const today = morning.toInstant()
  const daily = Temporal.Instant.compare(ctx.now, today) >= 0 ? today : null
  const { rows } = await sql<Due>`
    select s.id, s.channel, s.mode, s.lang, s.label, s.query, s.address_sealed
    from applications.saved_search s
    where s.state = 'active'
      and exists (select from applications.hit h where h.search_id = s.id and h.told_at is null)
      and case s.mode
        when 'now' then s.told_at is null or s.told_at <= ${ctx.now.subtract(PAUSE)}
        else ${daily}::timestamptz is not null and (s.told_at is null or s.told_at < ${daily})
      end
    order by s.told_at nulls first
    limit ${AT_ONCE}`.execute(ctx.db)
  for (const due of rows) {
    signal?.throwIfAborted()
    await ctx.db.transaction().execute((db) => tell({ ...ctx, db }, due))
  }
}

async function tell(system: Ctx, { id, channel, lang, label, query, address_sealed }: Due): Promise<void> {
  const ctx = inLanguage(system, isLang(lang) ? lang : LANGUAGES[0])
  const { to, token } = openFor<Address>(ctx, 'saved_search.address', id, address_sealed)
  const hits = await ctx.db
    .selectFrom('applications.hit')
    .select(['reference', 'title', 'vacancy_id'])
    .where('search_id', '=', id)
    .where('told_at', 'is', null)
    .orderBy('at', 'desc')
    .orderBy('vacancy_id', 'desc')
    .forUpdate()
    .execute()
  if (hits.length === 0) return
  const idempotency = `alert ${id} ${hits[0]!.vacancy_id}`
  const sent =
    channel === 'sms'
      ? (await sendSms(ctx, { key: 'link', values: { link: shortLink(ctx, token) }, to, lang: ctx.lang, idempotency }))
          .kind === 'taken'
      : (await sendMail(ctx, { to, lang: ctx.lang, idempotency, ...words(ctx, label, query, token, hits) })) === 'taken'
  // The address has had enough for today, or nothing can be sent: what was found waits.
  if (!sent) return
  await ctx.db
    .updateTable('applications.hit')
    .set({ told_at: ctx.now })
    .where('search_id', '=', id)
    .where('told_at', 'is', null)
    .execute()
  await ctx.db.updateTable('applications.saved_search').set({ told_at: ctx.now }).where('id', '=', id).execute()
}

type Hit = { reference: string; title: string }

function words(ctx: Ctx, label: string, query: string, token: string, hits: readonly Hit[]) {
  const { t, lang, platform } = ctx
  const { origin } = platform.config
  const lines = hits
    .slice(0, SHOWN)
    .flatMap(({ title, reference }) => [title, `${origin}/${lang}/vacancies/${reference}`, ''])
  const stop = longLink(ctx, lang, token)
  return {
    subject: t('applications.alert.mail_subject', { count: hits.length, label }),
    body: [
      ...[t('applications.alert.mail_lead', { label }), '', ...lines],
      ...[t('applications.alert.mail_all'), `${origin}/${lang}/vacancies${query}`, ''],
      ...[t('applications.alert.never_pay'), '', t('applications.alert.mail_stop'), stop, ''],
    ].join('\n'),
    unsubscribe: stop,
  }
}
