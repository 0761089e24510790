import type { Bench } from '../scripts/bench.ts'
import { type Listing, searchListings } from '../src/modules/vacancies/listings.ts'
import { understandWords } from '../src/modules/vacancies/understanding.ts'
import { bringAdverts, table } from './search/adverts.ts'
import { type BenchDatabase, withDatabase } from './search/database.ts'

const FIRST = 10
const SETS = {
  golden: 'golden.tsv',
  held_out: 'held-out.tsv',
  held_out_2: 'held-out-2.tsv',
  held_out_3: 'held-out-3.tsv',
  held_out_4: 'held-out-4.tsv',
  held_out_5: 'held-out-5.tsv',
  held_out_6: 'held-out-6.tsv',
  held_out_7: 'held-out-7.tsv',
  held_out_8: 'held-out-8.tsv',
  held_out_9: 'held-out-9.tsv',
  held_out_10: 'held-out-10.tsv',
  held_out_11: 'held-out-11.tsv',
  held_out_12: 'held-out-12.tsv',
  held_out_13: 'held-out-13.tsv',
  held_out_14: 'held-out-14.tsv',
}

/**
 * How well the public search finds trades, by sets of committed queries: see `bench/search/README.md` for what was known of
 * each when the search was made. An answer is right when an advert of an expected occupation (in the expected place) is
 * among the first ten, and wrong-first when the very first is of another trade. `!221` expects that none is a doctor;
 * `~7323,7322` is a trade of which there is no advert: right is no answer, or one of these trades first.
 */
const bench: Bench = ({ say }) =>
  withDatabase({}, async (database) => {
    const truth = await bringAdverts(database.system())
    const figures: Record<string, Figures> = {}
    for (const [name, file] of Object.entries(SETS)) figures[name] = await judge(database, file, truth, say)
    return figures
  })
export default bench

type Verdict = 'right' | 'MISSING' | 'WRONG FIRST'
type Figures = {
  queries: number
  right: number
  right_percent: number
  wrong_first: number
  classes?: Record<string, string>
}

async function judge(
  database: BenchDatabase,
  file: string,
  truth: ReadonlyMap<string, string>,
  say: (line: string) => void,
): Promise<Figures> {
  const judged: { kind: string | undefined; right: boolean; wrongFirst: boolean }[] = []
  for (const { query, isco, place, class: kind } of table(file)) {
    const ctx = database.visitor()
    const { items } = await searchListings(ctx, { q: query!, limit: FIRST, foreigners: 'all' })
    const verdict = verdictOn(items, isco!, place!, truth)
    judged.push({
      kind,
      right: verdict !== 'MISSING',
      wrongFirst: verdict === 'WRONG FIRST' || (verdict === 'MISSING' && items.length > 0),
    })
    const { corrected } = await understandWords(ctx, query!)
    const first = items[0]
      ? `${items[0].title} (${items[0].isco ?? '–'}, ${items[0].place_code ?? items[0].country})`
      : '–'
    say(`${verdict.padEnd(12)}${query!.padEnd(32)}${(corrected ? `→ ${corrected}` : '').padEnd(26)}${first}`)
  }
  const right = judged.filter((one) => one.right).length
  const right_percent = Math.round((1000 * right) / judged.length) / 10
  const wrong_first = judged.filter((one) => one.wrongFirst).length
  say(`${file}: ${right} of ${judged.length} right (${right_percent} %), ${wrong_first} with a wrong trade first\n`)
  const kinds = Map.groupBy(judged, ({ kind }) => kind)
  const classes = Object.fromEntries(
    [...kinds].map(([kind, ones]) => [kind, `${ones.filter((one) => one.right).length}/${ones.length}`]),
  )
  return { queries: judged.length, right, right_percent, wrong_first, ...(kinds.size > 1 && { classes }) }
}

function verdictOn(
  items: readonly Listing[],
  isco: string,
  place: string,
  truth: ReadonlyMap<string, string>,
): Verdict {
  if (isco.startsWith('!')) return items.some((item) => isOf(item, [isco.slice(1)], truth)) ? 'MISSING' : 'right'
  if (isco.startsWith('~'))
    return items[0] && !isOf(items[0], isco.slice(1).split(','), truth) ? 'WRONG FIRST' : 'right'
  const fits = items.map(
    (item) => isOf(item, isco.split(','), truth) && item.place_codes.some((code) => code.startsWith(place)),
  )
  return !fits.includes(true) ? 'MISSING' : fits[0] ? 'right' : 'WRONG FIRST'
}

// The invented adverts say what they are; of the real ones the occupation counts that they were given.
function isOf(item: Listing, expected: readonly string[], truth: ReadonlyMap<string, string>): boolean {
  const isco = truth.get(item.title) ?? item.isco ?? ''
  return expected.some((code) => isco.startsWith(code))
}
