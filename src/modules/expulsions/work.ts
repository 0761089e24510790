import { may } from '#kernel/access/authorise.ts'
import type { Ctx } from '#kernel/context.ts'
import type { WorkItem } from '#kernel/module.ts'
import { LAST_HOURS } from './appeal-reminders.ts'
import { listAppeals } from './appeals.ts'
import { listBatches, officeOf } from './batches.ts'
import { listCorrections, wantedText } from './corrections.ts'
import { CALL_WITHIN, HOME_HELP, listHomeHelp } from './home-help.ts'
import { BATCHES, PROCEEDINGS } from './notices.ts'
import { listProceedings } from './proceedings.ts'
import { listQuestions } from './questions.ts'

const SHOWN = 20

/** What waits for somebody: appeals before all, then batches to confirm, corrections for a second officer, questions. */
export async function expulsionWork(ctx: Ctx): Promise<WorkItem[]> {
  return [
    ...(may(ctx, 'expulsion.help') ? await appeals(ctx) : []),
    ...(may(ctx, 'expulsion.acknowledge') ? await batches(ctx) : []),
    ...(may(ctx, 'expulsion.correct') ? await corrections(ctx) : []),
    ...(may(ctx, 'expulsion.answer') ? await questions(ctx) : []),
    ...(may(ctx, 'home_help.follow') ? await homeHelp(ctx) : []),
  ]
}

async function appeals(ctx: Ctx): Promise<WorkItem[]> {
  const { t } = ctx
  const open = await listProceedings(ctx, { ending: ctx.now.add({ hours: LAST_HOURS }), limit: SHOWN })
  const clocks = await listAppeals(ctx, SHOWN)
  const measures = clocks.map(
    ({ reference, appeal_until }): WorkItem => ({
      icon: 'clock',
      title: t('expulsions.work.measure_appeal', { reference }),
      why: t('expulsions.work.appeal_why'),
      href: `${BATCHES}/measures/${reference}/person`,
      action: t('expulsions.work.open'),
      due: appeal_until,
    }),
  )
  const proceedings = open.map((one): WorkItem => {
    const { reference, appeal_until, custodian_name: office } = one
    const own = appeal_until ? t('expulsions.work.appeal_why') : t('expulsions.work.no_deadline')
    return {
      icon: 'clock',
      title: t('expulsions.work.appeal', { reference }),
      why: one.custodian === officeOf(ctx) ? own : t('expulsions.work.not_appealed', { office }),
      href: `${PROCEEDINGS}/${reference}`,
      action: t('expulsions.work.open'),
      due: appeal_until,
    }
  })
  return [...proceedings, ...measures]
}

async function batches(ctx: Ctx): Promise<WorkItem[]> {
  const { t } = ctx
  const rows = await ctx.db
    .selectFrom('expulsions.delivery')
    .select(['batch_id', 'due_at'])
    .where('to_organisation', '=', officeOf(ctx))
    .where('acknowledged_at', 'is', null)
    .orderBy('due_at')
    .limit(SHOWN)
    .execute()
  const due = new Map(rows.map(({ batch_id, due_at }) => [batch_id, due_at]))
  return (await listBatches(ctx, { show: 'mine', limit: SHOWN })).map((batch) => ({
    icon: 'send',
    title: t('expulsions.work.batch', { reference: batch.reference }),
    why: t('expulsions.work.batch_why', { office: batch.custodian_name, count: batch.rows ?? 0 }),
    href: `${BATCHES}/${batch.reference}`,
    action: t('expulsions.work.confirm'),
    due: due.get(batch.id) ?? batch.due_at,
  }))
}

async function corrections(ctx: Ctx): Promise<WorkItem[]> {
  const { t, actor } = ctx
  const open = await listCorrections(ctx, { open: true, limit: SHOWN })
  return open
    .filter(({ proposed_by }) => actor.kind !== 'staff' || proposed_by !== actor.user_id)
    .map(({ measure, due_at, ...correction }) => ({
      icon: 'people',
      title: t('expulsions.work.correction', { reference: measure }),
      why: t('expulsions.work.correction_why', { wanted: wantedText(ctx, correction) }),
      href: `${BATCHES}/measures/${measure}#decide`,
      action: t('expulsions.work.decide'),
      due: due_at,
    }))
}

async function questions(ctx: Ctx): Promise<WorkItem[]> {
  const { t } = ctx
  const open = await listQuestions(ctx, { open: true, mine: true, limit: SHOWN })
  return open.map(({ id, about, batch, due_at }) => ({
    icon: 'chat',
    title: t('expulsions.work.question', { reference: batch }),
    why: t(`expulsions.code.about.${about}`),
    href: `${BATCHES}/questions/${id}`,
    action: t('expulsions.work.answer'),
    due: due_at,
  }))
}

async function homeHelp(ctx: Ctx): Promise<WorkItem[]> {
  const { t, format } = ctx
  const waiting = await listHomeHelp(ctx, { limit: SHOWN })
  return waiting
    .filter(({ contacted_at }) => !contacted_at)
    .map(({ reference, agreed_at }) => ({
      icon: 'person',
      title: t('expulsions.work.home'),
      why: t('expulsions.work.home_why', { date: format.date(agreed_at) }),
      href: `${HOME_HELP}#${reference}`,
      action: t('expulsions.work.open'),
      due: agreed_at.add(CALL_WITHIN),
    }))
}
