import { may } from '#kernel/access/authorise.ts'
import type { Ctx } from '#kernel/context.ts'
import type { WorkItem } from '#kernel/module.ts'
import { type Employer, listEmployers, ownEmployer, verifies } from './employers.ts'

const SHOWN = 50

/** *My work*: officers check who waits; an employer answers what it was asked. */
export async function employersWork(ctx: Ctx): Promise<WorkItem[]> {
  return [...(await toCheck(ctx)), ...(await toAnswer(ctx))]
}

async function toCheck(ctx: Ctx): Promise<WorkItem[]> {
  if (!may(ctx, 'employer.verify')) return []
  const { items } = await listEmployers(ctx, { state: 'asked', limit: SHOWN })
  const mine: Employer[] = []
  for (const employer of items) if (await verifies(ctx, employer)) mine.push(employer)
  return mine.map((employer) => ({
    icon: 'office',
    title: ctx.t('employers.work.check', { name: employer.legal_name }),
    why: `${ctx.t(`employers.code.kind.${employer.kind}`)} · ${ctx.t('employers.list.asked', { date: ctx.format.date(employer.asked_at) })}`,
    href: `/work/employers/${employer.reference}`,
    action: ctx.t('employers.list.check'),
    due: employer.due_at,
  }))
}

async function toAnswer(ctx: Ctx): Promise<WorkItem[]> {
  if (ctx.actor.kind !== 'staff' || !may(ctx, 'employer.edit')) return []
  const employer = await ownEmployer(ctx).catch(() => null)
  if (employer?.state !== 'asked_back') return []
  return [
    {
      icon: 'chat',
      title: ctx.t('employers.work.answer'),
      why: ctx.t('employers.own.state.asked_back'),
      href: '/work/employer',
      action: ctx.t('employers.work.answer_button'),
      due: employer.due_at,
    },
  ]
}
