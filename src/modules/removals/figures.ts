import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readTable } from '#kernel/lists/lists.ts'
import { type Money, wholeUnits } from '#kernel/money.ts'
import { ROOT } from '#kernel/root.ts'
import type { Category } from './kinds.ts'

type Precision = 'exact' | 'more_than'

/** What somebody published about people carried back, as it was worded. It is no record and is never added to any. */
export type Figure = {
  key: string
  /** As the source names it; null: of the whole country. */
  carrier: string | null
  /** `2011`, or `2024-H1`. */
  period: string
  from: Temporal.PlainDate
  until: Temporal.PlainDate
  people: { count: number; precision: Precision; worded: string | null }
  /** Null where the wording does not tell. */
  category: Category | null
  money: { money: Money; precision: Precision; worded: string } | null
  /** Codes of who counted and how: `removals.counted_by.VALUE`, `removals.how.VALUE`. */
  counted_by: string
  how: string
  told_on: Temporal.PlainDate | null
  source: string
  source_url: string | null
  caveats: string[]
}

/** The published figures of `data/removals/figures.csv`, the latest period first. */
export const FIGURES: readonly Figure[] = readTable(readFileSync(join(ROOT, 'data/removals/figures.csv'), 'utf8'))
  .map((row): Figure => {
    const [year, half] = row.period!.split('-H') as [string, string?]
    const from = Temporal.PlainDate.from({ year: Number(year), month: half === '2' ? 7 : 1, day: 1 })
    return {
      ...{ key: row.key!, carrier: row.carrier || null, period: row.period!, from },
      until: from.add({ months: half ? 6 : 12 }).subtract({ days: 1 }),
      people: {
        count: Number(row.people),
        precision: row.people_precision as Precision,
        worded: row.people_worded || null,
      },
      category: (row.category || null) as Category | null,
      money: row.amount
        ? {
            money: { amount: wholeUnits(BigInt(row.amount), row.currency!), currency: row.currency! },
            precision: row.amount_precision as Precision,
            worded: row.amount_worded!,
          }
        : null,
      ...{ counted_by: row.counted_by!, how: row.how!, source: row.source!, source_url: row.source_url || null },
      told_on: row.told_on ? Temporal.PlainDate.from(row.told_on) : null,
      caveats: row.caveats!.split(' ').filter(Boolean),
    }
  })
  .sort((a, b) => Temporal.PlainDate.compare(b.from, a.from))
