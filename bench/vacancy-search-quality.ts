import type { Bench } from '../scripts/bench.ts'
import { type Listing, searchListings } from '../src/modules/vacancies/listings.ts'
import { understandWords } from '../src/modules/vacancies/understanding.ts'
import { bringAdverts, table } from './search/adverts.ts'
import { type BenchDatabase, withDatabase } from './search/database.ts'

const FIRST = 10

/**
 * How well the public search finds trades: the committed queries, and others that the search was never tuned on. An answer is
 * right when an advert of the expected occupation (in the expected place) is among the first ten, and wrong-first
 * when the very first is of another trade.
 */
const bench: Bench = ({ say }) =>
  withDatabase({}, async (database) => {
    const truth = await bringAdverts(database.system())
    const golden = await judge(database, 'golden.tsv', truth, say)
    const heldOut = await judge(database, 'held-out.tsv', truth, say)
    return { ...prefixed('golden', golden), ...prefixed('held_out', heldOut) }
  })
export default bench

type Figures = { queries: number; right: number; right_percent: number; wrong_first: number }

async function judge(
  database: BenchDatabase,
  file: string,
  truth: ReadonlyMap<string, string>,
  say: (line: string) => void,
): Promise<Figures> {
  const rows = table(file)
  let right = 0
  let wrongFirst = 0
  for (const { query, isco, place } of rows) {
    const ctx = database.visitor()
    const { items } = await searchListings(ctx, { q: query!, limit: FIRST, foreigners: 'all' })
    const fits = items.map((item) => isRight(item, isco!.split(','), place!, truth))
    const found = fits.some(Boolean)
    if (found) right++
    if (items.length > 0 && !fits[0]) wrongFirst++
    const { corrected } = await understandWords(ctx, query!)
    const first = items[0]
      ? `${items[0].title} (${items[0].isco ?? '–'}, ${items[0].place_code ?? items[0].country})`
      : '–'
    const verdict = !found ? 'MISSING' : fits[0] ? 'right' : 'WRONG FIRST'
    say(`${verdict.padEnd(12)}${query!.padEnd(32)}${(corrected ? `→ ${corrected}` : '').padEnd(26)}${first}`)
  }
  const right_percent = Math.round((1000 * right) / rows.length) / 10
  say(`${file}: ${right} of ${rows.length} right (${right_percent} %), ${wrongFirst} with a wrong trade first\n`)
  return { queries: rows.length, right, right_percent, wrong_first: wrongFirst }
}

// The invented adverts say what they are; of the real ones the occupation counts that they were given.
function isRight(
  item: Listing,
  expected: readonly string[],
  place: string,
  truth: ReadonlyMap<string, string>,
): boolean {
  const isco = truth.get(item.title) ?? item.isco ?? ''
  return expected.some((code) => isco.startsWith(code)) && item.place_codes.some((code) => code.startsWith(place))
}

const prefixed = (name: string, figures: Figures) =>
  Object.fromEntries(Object.entries(figures).map(([key, value]) => [`${name}_${key}`, value]))
