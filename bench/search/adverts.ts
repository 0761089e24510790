import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Ctx } from '#kernel/context.ts'
import { readTable } from '#kernel/lists/lists.ts'
import { saveAdvert } from '../../src/modules/vacancies/adverts.ts'
import { vacanciesDemo } from '../../src/modules/vacancies/demo.ts'
import { learnWords } from '../../src/modules/vacancies/reindexing.ts'
import { readAdvert } from '../../src/modules/vacancies/sources/read-advert.ts'

/** A file of this folder. */
export const table = (name: string) => readTable(readFileSync(join(import.meta.dirname, name), 'utf8'))

/**
 * Brings the shipped and the demonstration adverts, and those of `adverts.tsv` for trades and places that they lack.
 * Returns the invented ones' true occupation by their title.
 */
export async function bringAdverts(ctx: Ctx): Promise<Map<string, string>> {
  await vacanciesDemo(ctx)
  const rows = table('adverts.tsv')
  const today = Temporal.Now.plainDateISO()
  for (const [at, { title, lang, country, region }] of rows.entries()) {
    const published_on = today.subtract({ days: at % 60 }).toString()
    const cells = { source_id: `bench-${at}`, title, lang, country, region, published_on }
    const read = readAdvert(cells, { today, raw: {} })
    if (!read.ok) throw new Error(`${title}: ${JSON.stringify(read.errors)}`)
    await saveAdvert(ctx, { ...read.advert, source: 'sample' }, null)
  }
  await learnWords(ctx)
  return new Map(rows.map(({ title, isco }) => [title!, isco!]))
}
