import type { Ctx } from '#kernel/context.ts'
import { Progress } from '#kernel/ui/progress.tsx'
import { Road, type Station } from '#kernel/ui/road.tsx'
import { type State, stateIcon, Tag } from '#kernel/ui/states.tsx'
import type { BatchLine, Hop } from '../batches.ts'
import { durationText } from './words.tsx'

/** The way of a batch: who entered it, then each hand-over; those of one office to several stand side by side. */
export function Relay({ ctx, batch, hops }: { ctx: Ctx; batch: BatchLine; hops: readonly Hop[] }) {
  const { t, format } = ctx
  const first: Station = {
    icon: 's-ok',
    state: 'ok',
    heading: t(batch.kind === 'list' ? 'expulsions.relay.entered' : 'expulsions.relay.decided', {
      office: batch.custodian_name,
    }),
    content: <p class="quiet">{format.dateTime(batch.received_at)}</p>,
  }
  const groups = [...Map.groupBy(hops, ({ from_organisation }) => from_organisation).values()]
  return <Road stations={[first, ...groups.map((group) => stationOf(ctx, group))]} />
}

function stationOf(ctx: Ctx, group: readonly Hop[]): Station {
  const { t } = ctx
  const states = group.map((hop) => stateOf(ctx, hop))
  const state = (['urgent', 'attention', 'ok'] as const).find((one) => states.includes(one)) ?? 'unknown'
  const [only] = group
  return {
    icon: stateIcon(state),
    state,
    heading:
      group.length === 1
        ? t('expulsions.relay.hop', { from: only!.from_name, to: only!.to_name })
        : t('expulsions.relay.fork', { from: only!.from_name, count: group.length }),
    content: (
      <div class={group.length > 1 ? 'fork' : undefined}>
        {group.map((hop) => (
          <HopCard ctx={ctx} hop={hop} named={group.length > 1} />
        ))}
      </div>
    ),
  }
}

/** Confirmed, late, or still in its term; of what is not followed, nothing is said. */
const stateOf = ({ now }: Ctx, { known, acknowledged_at, due_at }: Hop): State =>
  known !== 'followed'
    ? 'unknown'
    : acknowledged_at
      ? 'ok'
      : Temporal.Instant.compare(due_at, now) < 0
        ? 'urgent'
        : 'attention'

function HopCard({ ctx, hop, named }: { ctx: Ctx; hop: Hop; named: boolean }) {
  const { t, format } = ctx
  const state = stateOf(ctx, hop)
  const sent = t('expulsions.relay.sent', { date: format.dateTime(hop.sent_at) })
  const facts = [
    hop.known !== 'followed'
      ? t(`expulsions.relay.known.${hop.known}_why`)
      : hop.acknowledged_at
        ? t('expulsions.relay.took', { time: durationText(ctx, hop.sent_at, hop.acknowledged_at) })
        : hop.received_at
          ? t('expulsions.relay.received', { date: format.dateTime(hop.received_at) })
          : sent,
    t('expulsions.relay.term', { time: durationText(ctx, hop.sent_at, hop.due_at) }),
    hop.reminders > 0 && t('expulsions.relay.reminded', { count: hop.reminders }),
    hop.escalated_at && t('expulsions.relay.escalated'),
  ]
  return (
    <div class={state === 'urgent' ? 'hop urgent' : 'hop'}>
      <header>
        {named && <h3>{hop.to_name}</h3>}
        <Tag state={state}>
          {hop.known === 'sent'
            ? sent
            : hop.known === 'held'
              ? t('expulsions.relay.known.held')
              : state === 'ok'
                ? t('expulsions.relay.confirmed', { date: format.dateTime(hop.acknowledged_at!) })
                : state === 'urgent'
                  ? t('expulsions.state.late', { time: durationText(ctx, hop.due_at, ctx.now) })
                  : t('expulsions.state.left', { time: durationText(ctx, ctx.now, hop.due_at) })}
        </Tag>
      </header>
      <p class="facts">
        {facts.filter(Boolean).map((fact) => (
          <span>{fact}</span>
        ))}
      </p>
      <p class="quiet">{hop.mandate ? `${hop.mandate} (${hop.act})` : t('expulsions.relay.copy')}</p>
      {hop.rows !== null && (
        <Progress value={hop.acknowledged ?? 0} max={hop.rows} state={state}>
          {t('expulsions.relay.rows', { done: format.number(hop.acknowledged ?? 0), all: format.number(hop.rows) })}
        </Progress>
      )}
    </div>
  )
}
