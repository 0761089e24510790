import { type Kysely, sql } from 'kysely'
import type { DB } from '../db/types.ts'
import { type ListRow, loadList } from '../lists/lists.ts'
import { parseAmount } from '../money/parse.ts'

/** Brings the rules of `data/law` into the database; false when they are there already. After the places. Owner's connection. */
export function loadRules(db: Kysely<DB>): Promise<boolean> {
  return loadList(db, 'law', ['law/rules.csv'], async (trx, [table]) => {
    const rules = table!.map(ruleOf)
    for (const { key, ...rule } of rules) {
      await trx
        .insertInto('law.rule')
        .values({ key, ...rule })
        .onConflict((conflict) => conflict.column('key').doUpdateSet(rule))
        .execute()
    }
    await trx
      .updateTable('law.rule')
      .set({ withdrawn_at: sql`now()` })
      .where('withdrawn_at', 'is', null)
      .where(sql<boolean>`key <> all(${rules.map(({ key }) => key)})`)
      .execute()
  })
}

const numberOf = (text: string | undefined) => (text ? Number(text) : null)
const dateOf = (text: string | undefined) => (text ? Temporal.PlainDate.from(text) : null)

function ruleOf(row: ListRow) {
  const currency = row.currency || null
  return {
    key: row.key!,
    topic: row.topic!,
    region_code: row.region_code || null,
    isco_code: row.isco_code || null,
    applies_from: dateOf(row.applies_from),
    applies_to: dateOf(row.applies_to),
    amount: currency ? parseAmount(row.amount!, currency) : null,
    currency,
    days: numberOf(row.days),
    window_days: numberOf(row.window_days),
    months: numberOf(row.months),
    statement: row.statement!,
    source_url: row.source_url!,
    as_of: dateOf(row.as_of),
    confidence: row.confidence!,
    contradicted: row.contradicted === 'yes',
    withdrawn_at: null,
  }
}
