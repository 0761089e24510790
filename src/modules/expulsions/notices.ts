import type { Ctx } from '#kernel/context.ts'
import type { NotificationKind } from '#kernel/notifications/kinds.ts'
import { notify } from '#kernel/notifications/notify.ts'
import { sendEvent } from '#kernel/webhooks/send-event.ts'

/** Where all batches are listed; one is `/work/expulsions/{reference}`. */
export const BATCHES = '/work/expulsions'

/** What an office has to confirm or answer. A mail says only that something waits. */
export const relayNews: NotificationKind = {
  kind: 'expulsions.relay',
  label: 'expulsions.notice.relay_kind',
  mail: 'now',
  gatherMinutes: 5,
  permission: 'expulsion.acknowledge',
}

/** Terms that were missed, for those who watch over the exchange. */
export const escalations: NotificationKind = {
  kind: 'expulsions.escalation',
  label: 'expulsions.notice.escalation_kind',
  mail: 'now',
  gatherMinutes: 5,
  permission: 'expulsion.oversee',
}

/** What programs of offices are told: that something came, never about whom. */
export const BATCH_CAME = 'expulsion_batch.came'
export const DECISION_CAME = 'expulsion_decision.came'

/** Tells an office, and its programs, that a batch has come. */
export async function tellOffice(
  ctx: Ctx,
  organisation_id: string,
  reference: string,
  event: typeof BATCH_CAME | typeof DECISION_CAME = BATCH_CAME,
): Promise<void> {
  await notify(ctx, {
    to: { permission: 'expulsion.acknowledge', organisation_id },
    kind: relayNews.kind,
    key: 'expulsions.notice.came',
    values: { reference },
    href: `${BATCHES}/${reference}`,
    subject: { type: 'batch', id: reference },
    dedupe: `batch ${reference}`,
  })
  await sendEvent(ctx, {
    event,
    organisation_id,
    key: reference,
    // A reference of digits alone would look like a telephone number, and be refused.
    data: { page: `work/expulsions/${reference}` },
  })
}

/** Reminds an office of a batch it has not confirmed in its term. */
export const remindOffice = (ctx: Ctx, organisation_id: string, reference: string): Promise<void> =>
  notify(ctx, {
    to: { permission: 'expulsion.acknowledge', organisation_id },
    kind: relayNews.kind,
    key: 'expulsions.notice.late',
    values: { reference },
    href: `${BATCHES}/${reference}`,
    subject: { type: 'batch', id: reference },
    dedupe: `late ${reference}`,
  })

/** Tells those who watch over the exchange that an office was reminded in vain. */
export const escalate = (ctx: Ctx, office: string, reference: string): Promise<void> =>
  notify(ctx, {
    to: { permission: 'expulsion.oversee' },
    kind: escalations.kind,
    key: 'expulsions.notice.escalated',
    values: { reference, office },
    href: `${BATCHES}/${reference}`,
    subject: { type: 'batch', id: reference },
    dedupe: `escalated ${reference} ${office}`,
  })

/** Tells an office that it was asked about a row, or that its question is answered. */
export const tellOfQuestion = (
  ctx: Ctx,
  organisation_id: string,
  reference: string,
  what: 'asked' | 'answered',
): Promise<void> =>
  notify(ctx, {
    to: { permission: what === 'asked' ? 'expulsion.answer' : 'expulsion.acknowledge', organisation_id },
    kind: relayNews.kind,
    key: `expulsions.notice.${what}`,
    values: { reference },
    href: `${BATCHES}/${reference}`,
    dedupe: `${what} ${reference}`,
  })
