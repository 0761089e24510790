import type { Ctx } from '#kernel/context.ts'
import { type Measure, OUTLIVE, type Status, type Term } from './kinds.ts'

/** What is stated about how long a measure holds. `lasts`: how long, as `P3Y6M`; the end is then reckoned, or open. */
export type TermFacts = {
  kind: Measure
  term: Term
  ends_on: Temporal.PlainDate | null
  lasts: string | null
  decision_on: Temporal.PlainDate | null
  starts_on: Temporal.PlainDate | null
  executed_on: Temporal.PlainDate | null
}

/**
 * Until when a measure holds. An end that was reckoned is told from one that was stated, with what it was counted from; that a source
 * is silent is said, never left empty.
 */
export function termText(ctx: Ctx, facts: TermFacts): string {
  const { t, format } = ctx
  const { kind, term, ends_on, lasts, decision_on, starts_on, executed_on } = facts
  if (term === 'indefinite' || !lasts)
    return ends_on ? t('expulsions.term.until', { date: format.date(ends_on) }) : t(`expulsions.code.term.${term}`)
  const length = lengthText(ctx, lasts)
  const outlives = OUTLIVE.includes(kind)
  if (ends_on) {
    const later = starts_on && executed_on && Temporal.PlainDate.compare(starts_on, executed_on) > 0
    const counts = (day: Temporal.PlainDate | null) => day?.add(lasts).equals(ends_on)
    const from = outlives
      ? later
        ? 'stated'
        : 'executed'
      : // Where the length says so, a ban counts from the day they left.
        counts(executed_on) && !counts(starts_on ?? decision_on)
        ? 'left'
        : starts_on && (counts(starts_on) || !counts(decision_on))
          ? 'stated'
          : 'decided'
    return t('expulsions.term.counted', {
      ...{ date: format.date(ends_on), length },
      from: t(`expulsions.term.from.${from}`),
    })
  }
  // A ban may count from a departure before its decision.
  const earliest = outlives ? (starts_on ?? decision_on)?.add(lasts) : null
  return [
    t(`expulsions.term.open.${outlives ? 'executed' : 'stated'}`, { length }),
    ...(earliest ? [t('expulsions.term.not_before', { date: format.date(earliest) })] : []),
  ].join(' ')
}

/** How long, in words: P3Y6M as 3 years 6 months. */
export const lengthText = ({ t }: Pick<Ctx, 't'>, lasts: string): string =>
  Array.from(lasts.matchAll(/(\d+)([YMD])/g), ([, count, unit]) =>
    t(`expulsions.length.${unit}`, { count: Number(count) }),
  ).join(' ')

/**
 * Where the end of what counts from the day it was carried out lies whole years after its start or decision, and the source states no
 * length: it may have been counted from there, by the source or here before lengths were kept. Then it holds longer. Null otherwise.
 */
export function reckonedFrom({ kind, term, ends_on, lasts, decision_on, starts_on, executed_on }: TermFacts) {
  const from = starts_on ?? decision_on
  if (term !== 'until' || !ends_on || lasts || !from || !OUTLIVE.includes(kind) || executed_on?.equals(from))
    return null
  const years = ends_on.year - from.year
  return years > 0 && from.add({ years }).equals(ends_on) ? from : null
}

/** What became of a measure, with the day on which it did where that is stated. */
export function statusText(
  { t, format }: Pick<Ctx, 't' | 'format'>,
  status: Status,
  on: Temporal.PlainDate | null,
): string {
  const words = t(`expulsions.code.status.${status}`)
  return on ? `${words}, ${format.date(on)}` : words
}
