import { may } from '#kernel/access/authorise.ts'
import type { Ctx } from '#kernel/context.ts'
import type { WorkItem } from '#kernel/module.ts'
import { listAgreements } from './agreements.ts'
import { figureDue, figuresOwed } from './figures.ts'
import { AGREE, CARRIER_CHECK, CARRIERS, CARRY } from './telling.ts'

/** Figures that carriers still have to state, each with its last day: for their own staff, and for those who record agreements. */
export async function carrierWork(ctx: Ctx): Promise<WorkItem[]> {
  const own = may(ctx, CARRY) ? await figuresOwed(ctx) : null
  const agreements = may(ctx, AGREE) ? await listAgreements(ctx) : []
  return [
    ...(own?.months ?? []).map(({ month }) => figureItem(ctx, month, null, CARRIER_CHECK)),
    ...agreements.flatMap(({ id, carrier, ended_at, figure_for }) =>
      figure_for && !ended_at ? [figureItem(ctx, figure_for, carrier, `${CARRIERS}/${id}`)] : [],
    ),
  ]
}

const figureItem = ({ t, format }: Ctx, month: Temporal.PlainDate, carrier: string | null, href: string): WorkItem => ({
  icon: 'plane',
  title: [t('entry_check.figure.work', { month: format.month(month) }), carrier].filter(Boolean).join(' · '),
  why: t('entry_check.figure.why'),
  href,
  action: t('entry_check.figure.state'),
  // The day counts to its end.
  due: figureDue(month).toZonedDateTime({ timeZone: format.time_zone, plainTime: '23:59' }).toInstant(),
})
