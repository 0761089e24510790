import { sql } from 'kysely'
import type { Ctx } from '#kernel/context.ts'
import { plainDate } from '#kernel/i18n/format.ts'
import type { Money } from '#kernel/money.ts'
import { exactly } from '#kernel/occupations/asked-occupations.ts'
import { unitGroupsOf } from '#kernel/occupations/occupations.ts'
import { type Cursor, readCursor } from './cursor.ts'
import { type Part, partsOf } from './parts.ts'
import { thresholds } from './pay.ts'
import { type Condition, type Conditions, either, type Tally, tally } from './tally.ts'
import { textQuery } from './text-query.ts'
import { type Understood, understandWords } from './understanding.ts'

/** What a reader may ask of the published adverts. All parts narrow the list together. */
export type ListingQuery = {
  q?: string
  /** Takes `q` as it is written: no slips put right, no occupation and no place in it. */
  literal?: boolean
  /** ISCO-08 codes of any level: `7` finds all of major group 7. */
  isco?: readonly string[]
  /** Place codes, each with everything inside it. */
  place?: readonly string[]
  country?: readonly string[]
  /** Least pay for a month. */
  salaryMin?: Money
  accommodation?: boolean
  /** `yes`: open to foreigners; `all`: also what is for citizens only, which is left out otherwise. */
  foreigners?: 'yes' | 'all'
  contract?: readonly string[]
  /** First published on this day or later. */
  since?: Temporal.PlainDate
  cursor?: string
  limit: number
}

/** What is put to the database. */
export type Asked = {
  conditions: Conditions
  /** What must be among the answers, or they are none. */
  needs?: Condition
  parts: readonly Part[]
  after: Cursor | null
  limit: number
}

/** A question, and what was counted of it. */
export type Question = Asked & {
  understood: Understood
  /** What of the words had to be given up because nothing has all of them. */
  lacking: 'words' | 'place' | null
  tally: Tally
}

const questions = new WeakMap<Ctx, Map<string, Promise<Question>>>()

/** Understands the query; within a request the same query is understood once. */
export function questionOf(ctx: Ctx, query: ListingQuery): Promise<Question> {
  const known = questions.get(ctx) ?? new Map<string, Promise<Question>>()
  questions.set(ctx, known)
  const key = JSON.stringify(query, (_, value) => (typeof value === 'bigint' ? value.toString() : value))
  const question = known.get(key) ?? ask(ctx, query)
  known.set(key, question)
  return question
}

async function ask(ctx: Ctx, query: ListingQuery): Promise<Question> {
  const after = query.cursor ? readCursor(query.cursor) : null
  const [understood, groups] = await Promise.all([
    understandWords(ctx, query.q ?? '', query.literal),
    query.isco?.length ? unitGroupsOf(ctx, query.isco) : null,
  ])
  const filters = await filtersOf(ctx, query, groups)
  const steps = stepsOf(understood, query.q)
  for (const [at, step] of steps.entries()) {
    const conditions = { ...step.conditions, ...filters }
    const asked = {
      ...step,
      conditions,
      parts: partsOf(step.understood, groups, conditions),
      after,
      limit: query.limit,
    }
    const counted = await tally(ctx, asked)
    if (counted.needed > 0 || at === steps.length - 1) return { ...asked, tally: counted }
  }
  throw new Error('A question has at least one step')
}

type Step = Pick<Question, 'understood' | 'lacking' | 'conditions' | 'needs'>

// Haste adds words that no advert has. Rather than nothing, people are shown what has the trade and the place, then what has
// the trade, and are told so. A guessed trade that nobody offers was perhaps none: then the words are only words. A place
// is kept only where it has the trade or its kin, not what is merely near.
function stepsOf(understood: Understood, q: string | undefined): Step[] {
  const { trades, words, places } = understood
  const all: Conditions = {}
  if (trades) {
    const codes = [...trades.groups.keys()]
    const beside = sql<boolean>`((l.isco is null or l.isco <> all (${codes}::text[])) and l.other_trades && ${exactly(trades)}::text[])`
    all.trade = either(sql`l.isco = any (${codes}::text[])`, beside)
  }
  const amongThem = (codes: readonly string[]) =>
    sql<boolean>`(l.isco = any (${[...codes]}::text[]) or l.other_trades && ${exactly(trades!)}::text[])`
  const kin = trades && [...trades.groups].filter(([, nearness]) => nearness > 0).map(([code]) => code)
  const needs = kin && places.length > 0 ? amongThem(kin) : undefined
  if (words.length > 0) {
    const inPlace = understood.onlyWishes && places.length > 0
    all[inPlace ? 'wishes' : 'words'] = sql`l.document @@ ${textQuery(understood)}`
  }
  if (places.length > 0) all.named_place = sql`l.place_codes && ${[...places]}::text[]`
  if (q && !trades && words.length === 0 && places.length === 0) all.words = sql`false`
  const { words: _words, wishes: _wishes, ...withoutWords } = all
  const { named_place: _place, ...tradeOnly } = withoutWords
  const asText = { ...understood, trades: null, words: [...understood.tradeWords, ...words] }
  // What somebody wishes may narrow the trade they asked for: rather without it than another trade that has it. Where a place
  // is asked as well, the trade and its kin there come first (`needs`).
  const narrows = trades && words.length > 0 && understood.onlyWishes && places.length === 0
  const wished = narrows ? amongThem(exactly(trades)) : needs
  const steps: Step[] = [{ understood, lacking: null, conditions: all, needs: wished }]
  // Of several words the guess is weaker than a text that has them all: `Кирпичный двор` is an employer.
  if (trades?.guessed) steps.splice(asText.words.length > 1 ? 0 : 1, 0, ...stepsOf(asText, q).slice(0, 1))
  if (words.length > 0 && (trades || places.length > 0 || understood.onlyWishes))
    steps.push({ understood, lacking: 'words', conditions: withoutWords, needs })
  if (all.named_place && trades) steps.push({ understood, lacking: 'place', conditions: tradeOnly })
  return steps
}

async function filtersOf(ctx: Ctx, query: ListingQuery, groups: readonly string[] | null): Promise<Conditions> {
  const found: Conditions = { open: sql`(l.expires_on is null or l.expires_on >= ${plainDate(ctx.now)})` }
  if (groups) found.isco = sql`l.isco = any (${[...groups]}::text[])`
  if (query.place?.length) found.place = sql`l.place_codes && ${[...query.place]}::text[]`
  if (query.country?.length) found.country = sql`l.country = any (${[...query.country]}::text[])`
  if (query.accommodation !== undefined) found.accommodation = sql`l.accommodation is ${sql.lit(query.accommodation)}`
  if (query.foreigners === 'yes') found.foreigners = sql`l.foreigners in ('yes', 'quota')`
  // What a migrant cannot get is not in a migrant's way. At home nobody is a foreigner.
  else if (query.foreigners !== 'all') found.reachable = sql`(l.foreigners is distinct from 'no' or l.country = 'TJ')`
  if (query.contract?.length) found.contract = sql`l.contract = any (${[...query.contract]}::text[])`
  if (query.since) found.since = sql`l.published_on >= ${query.since}`
  if (query.salaryMin) {
    const comparable = await thresholds(ctx, query.salaryMin)
    found.pay = sql`(${sql.join(
      comparable.map((least) => sql`(l.pay_currency = ${least.currency} and l.pay_month >= ${least.amount})`),
      sql` or `,
    )})`
  }
  return found
}
