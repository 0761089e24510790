import type { Ctx } from '#kernel/context.ts'
import type { NotificationKind } from '#kernel/notifications/kinds.ts'
import { notify } from '#kernel/notifications/notify.ts'

/** Whoever records agreements with carriers. */
export const AGREE = 'entry_check.agree'
/** Whoever may ask for a carrier: a member of its staff, or its program. */
export const CARRY = 'entry_check.carry'
/** Where agreements stand, below the language. */
export const CARRIERS = '/work/carriers'
/** Where staff of a carrier ask, and state how many it carried. */
export const CARRIER_CHECK = '/work/carrier-check'

const mailed = { mail: 'now', gatherMinutes: 5 } as const

/** A carrier that asks about many: for those who record agreements. */
export const bulkNews: NotificationKind = {
  ...{ kind: 'entry_check.bulk', label: 'entry_check.carrier.bulk_kind', permission: AGREE, ...mailed },
}
/** A month for which a carrier has not said how many it carried: for those who record agreements. */
export const figureNews: NotificationKind = {
  ...{ kind: 'entry_check.figure', label: 'entry_check.carrier.figure_kind', permission: AGREE, ...mailed },
}
/** The same for the carrier itself. */
export const figureWantedNews: NotificationKind = {
  ...{ kind: 'entry_check.figure_wanted', label: 'entry_check.carrier.wanted_kind', permission: CARRY, ...mailed },
}

/** Tells those who record agreements that a carrier's questions were suspended. */
export const tellOfBulk = (ctx: Ctx, agreement: string, organisation_id: string): Promise<void> =>
  notify(ctx, {
    to: { permission: AGREE },
    kind: bulkNews.kind,
    key: 'entry_check.carrier.bulk',
    href: `${CARRIERS}/${agreement}`,
    subject: { type: 'agreement', id: agreement },
    dedupe: `bulk ${organisation_id}`,
  })

/**
 * Tells those who record agreements that a carrier's figure is wanted, that its questions are suspended for want of one, or that it
 * came; and of the first two the carrier's own staff. `organisation_id`: the carrier, where its staff are told.
 */
export async function tellOfFigure(
  ctx: Ctx,
  agreement: { id: string; organisation_id?: string },
  what: 'wanted' | 'off' | 'came',
): Promise<void> {
  const subject = { type: 'agreement', id: agreement.id }
  await notify(ctx, {
    ...{ to: { permission: AGREE }, kind: figureNews.kind, key: `entry_check.carrier.figure_${what}`, subject },
    ...{ href: `${CARRIERS}/${agreement.id}`, dedupe: `figure ${what} ${agreement.id}` },
  })
  if (!agreement.organisation_id) return
  await notify(ctx, {
    to: { permission: CARRY, organisation_id: agreement.organisation_id },
    ...{ kind: figureWantedNews.kind, key: `entry_check.carrier.own_figure_${what}`, subject },
    ...{ href: CARRIER_CHECK, dedupe: `own figure ${what} ${agreement.id}` },
  })
}
