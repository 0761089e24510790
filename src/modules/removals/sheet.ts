import type { Ctx } from '#kernel/context.ts'
import { plainDate } from '#kernel/i18n/format.ts'
import type { Note } from '#kernel/imports/kind.ts'
import { parseAmount } from '#kernel/money/parse.ts'
import type { Money } from '#kernel/money.ts'
import { fold } from '#kernel/search/fold.ts'
import type { SheetRow } from './columns.ts'
import type { Stated } from './entering.ts'
import type { Category, Escort, Mode } from './kinds.ts'

/** `unread`: what stands for a cost and is none. It says nothing of a cost that is known. */
export type SheetReading = { ok: true; stated: Stated; unread?: string } | { ok: false; errors: Record<string, Note> }

/** Who may be meant by the carrier of a row: the organisation that imports, where it is one, and all that officers may name. */
export type Carriers = { own: string | null; named: ReadonlyMap<string, readonly string[]> }

/** Where most are sent back from; a sheet may say otherwise. */
const COUNTRY = 'RU'

/**
 * What a row states as a whole, or what is wrong with it. Without a way of travel it is by air; without a count or with a name
 * it is one person. Nothing else is guessed.
 */
export function statedBy(ctx: Pick<Ctx, 'now'>, carriers: Carriers, row: SheetRow): SheetReading {
  const errors: Record<string, Note> = {}
  const fault = (field: string, key: string) => {
    errors[field] = { key: `removals.import.${key}` }
  }
  const left_on = Temporal.PlainDate.from(row.left_on)
  if (Temporal.PlainDate.compare(left_on, plainDate(ctx.now)) > 0) fault('left_on', 'future')
  const carrier = carrierOf(carriers, row.carrier ?? null)
  if (!carrier) fault('carrier', row.carrier ? 'unknown_carrier' : 'no_carrier')
  const [origin, destination] = [row.origin ?? row.route?.[0], row.destination ?? row.route?.[1]]
  if (!origin || !destination) fault('route', 'no_route')
  const people = row.people ?? 1
  if (row.name && people !== 1) fault('people', 'one_name')
  if (!row.name && (row.document || row.birth)) fault('name', 'no_name')
  const money = moneyOf(row)
  if (money === 'no_currency') fault('currency', 'no_currency')
  if (Object.keys(errors).length > 0 || money === 'no_currency') return { ok: false, errors }
  return {
    ok: true,
    ...(money && 'unread' in money && money),
    stated: {
      ...{ carrier: carrier!, category: row.category as Category, people, left_on, service: row.service ?? null },
      ...{
        mode: (row.mode ?? 'air') as Mode,
        origin: origin!,
        destination: destination!,
        country: row.country ?? COUNTRY,
      },
      ...{ brought_by: null, invited: 'unknown' as const, escort: (row.escort ?? 'unknown') as Escort },
      ground: row.ground ?? null,
      passenger: row.name ? { name: row.name, document: row.document ?? null, birth: row.birth ?? null } : null,
      costs: money && 'amount' in money ? [{ kind: 'whole', money }] : [],
    },
  }
}

function carrierOf({ own, named }: Carriers, name: string | null): string | null {
  const meant = name ? (named.get(fold(name)) ?? []) : own ? [own] : []
  if (meant.length !== 1) return null
  // A carrier's desk brings its own departures, and nobody else's.
  return own && meant[0] !== own ? null : meant[0]!
}

function moneyOf({ cost, currency }: SheetRow): Money | { unread: string } | 'no_currency' | null {
  if (!cost || 'unread' in cost) return cost ?? null
  const code = cost.currency ?? currency
  if (!code || (cost.currency && currency && cost.currency !== currency)) return 'no_currency'
  const amount = parseAmount(cost.figure, code)
  // Parts that the currency does not have.
  return amount === null ? { unread: `${cost.figure} ${code}` } : { amount, currency: code }
}
