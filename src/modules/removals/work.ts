import { may } from '#kernel/access/authorise.ts'
import type { Ctx } from '#kernel/context.ts'
import type { WorkItem } from '#kernel/module.ts'
import { claimsToLookAt } from './claims.ts'
import { CLAIMS } from './pages/paths.ts'

const SHOWN = 20

/** Claims of the actor's office that somebody must send, ask about or answer, by the day set for it. */
export async function removalWork(ctx: Ctx): Promise<WorkItem[]> {
  if (!may(ctx, 'removal.claim')) return []
  const { t, format } = ctx
  return (await claimsToLookAt(ctx, SHOWN)).map((claim) => ({
    icon: 'money',
    title: t('removals.work.claim', { reference: claim.reference }),
    why: `${t(`removals.work.why_${claim.state}`)} ${claim.carrier_name}, ${format.money(claim)}.`,
    href: `${CLAIMS}/${claim.reference}`,
    action: t(claim.state === 'drafted' ? 'removals.work.send' : 'removals.work.look'),
    // The day counts to its end.
    due: claim.due_on!.toZonedDateTime({ timeZone: format.time_zone, plainTime: '23:59' }).toInstant(),
  }))
}
