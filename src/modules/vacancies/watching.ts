import { sql } from 'kysely'
import type { Ctx } from '#kernel/context.ts'
import { plainDate } from '#kernel/i18n/format.ts'
import { exactly } from '#kernel/occupations/asked-occupations.ts'
import { unitGroupsOf } from '#kernel/occupations/occupations.ts'
import { beginningOf, formsOf } from '#kernel/occupations/words.ts'
import { readAsked, search, understand } from './pages/asked.ts'
import { thresholds } from './pay.ts'
import { textQuery } from './text-query.ts'
import { understandWords } from './understanding.ts'

/** A search as it waits for new adverts: what an advert must have. Empty lists and nulls ask for nothing. */
export type Watch = {
  /** The same search as an address of the list asks it. */
  query: string
  /** One of these keys is among those of every advert that fits: see `Arrival.keys`. */
  keys: string[]
  /** Unit groups asked by words (the trade itself, or nearly it) and by filter. */
  trades: string[]
  beside: string[]
  isco: string[]
  /** Words that must stand in its texts, as a tsquery; null for none. */
  words: string | null
  named_places: string[]
  places: string[]
  countries: string[]
  accommodation: boolean
  /** `yes`: open to foreigners; `all`: also what is for citizens only. */
  foreigners: 'yes' | 'all' | null
  contracts: string[]
  /** Least pay in a month by currency, in minor units, at the rates of the day the search was saved. */
  pay: { currency: string; amount: string }[]
}

/** An advert that has just come into the public search, with all that a watch asks for. */
export type Arrival = {
  vacancy_id: string
  reference: string
  title: string
  listed_at: string
  isco: string | null
  other_trades: string[]
  country: string
  place_codes: string[]
  accommodation: boolean | null
  foreigners: string | null
  contract: string | null
  pay_currency: string | null
  pay_month: string | null
  document: string
  keys: string[]
}

// Letters of a beginning that is a key: a word that exists has at least so many in common with its forms.
const LONG = 6
const SHORT = 3

/**
 * What an address of the list asks, as a watch; null where it names neither trade nor word: half of all adverts would fit. The
 * list is generous where nothing fits well; a watch is not, since what fits comes by itself.
 */
export async function watchOf(ctx: Ctx, params: URLSearchParams): Promise<Watch | null> {
  const { after: _after, days: _days, ...asked } = readAsked(params)
  const { query } = await understand(ctx, asked, 0)
  const understood = await understandWords(ctx, query.q ?? '', query.literal)
  const sure = understood.trades && !understood.trades.guessed ? understood.trades : null
  const words = sure ? understood.words : [...understood.tradeWords, ...understood.words]
  const trades = sure ? [...sure.groups].filter(([, nearness]) => nearness >= 2).map(([code]) => code) : []
  const beside = sure ? exactly(sure) : []
  const isco = query.isco ? await unitGroupsOf(ctx, query.isco) : []
  const keys = [...(sure ? [...trades, ...beside] : []).map(tradeKey)]
  if (keys.length === 0 && isco.length > 0) keys.push(...isco.map(tradeKey))
  if (keys.length === 0) keys.push(...wordKeys(words, understood.existing))
  if (keys.length === 0) return null
  return {
    query: search(asked, {}),
    keys: [...new Set(keys)],
    ...{ trades, beside, isco },
    words: words.length > 0 ? await tsquery(ctx, { words, existing: understood.existing }) : null,
    named_places: [...understood.places],
    places: [...(query.place ?? [])],
    countries: [...(query.country ?? [])],
    accommodation: query.accommodation ?? false,
    foreigners: query.foreigners ?? null,
    contracts: [...(query.contract ?? [])],
    pay: query.salaryMin
      ? (await thresholds(ctx, query.salaryMin)).map(({ currency, amount }) => ({ currency, amount: String(amount) }))
      : [],
  }
}

const tradeKey = (code: string) => `t:${code}`

// By the longest word: it is in the fewest texts. Every way in which `textQuery` finds it has its key.
function wordKeys(words: readonly string[], existing: ReadonlySet<string>): string[] {
  const [longest] = words.toSorted((a, b) => b.length - a.length)
  if (!longest) return []
  if (longest.length < SHORT) return [`w:${longest}`]
  const beginning = beginningOf(longest)
  if (existing.has(longest) && beginning.length < LONG) return formsOf(longest).map((form) => `w:${form}`)
  return [beginning.length >= LONG ? `b:${beginning.slice(0, LONG)}` : `a:${beginning.slice(0, SHORT)}`]
}

async function tsquery(ctx: Ctx, asked: Parameters<typeof textQuery>[0]): Promise<string> {
  const { rows } = await sql<{ words: string }>`select ${textQuery(asked)}::text as words`.execute(ctx.db)
  return rows[0]!.words
}

/**
 * Adverts that came into the public search at `since` or later, the oldest first, at most `most`; `after`: beyond the last one
 * of the page before. What has expired already is left out.
 */
export async function arrivals(
  ctx: Pick<Ctx, 'db' | 'now'>,
  { since, after, most }: { since: Temporal.Instant; after?: Pick<Arrival, 'listed_at' | 'vacancy_id'>; most: number },
): Promise<Arrival[]> {
  const { rows } = await sql<Omit<Arrival, 'keys'> & { lexemes: string[] }>`
    select l.vacancy_id, l.reference, l.title, l.listed_at::text, l.isco, l.other_trades, l.country, l.place_codes,
      l.accommodation, l.foreigners, l.contract, l.pay_currency, l.pay_month::text, l.document::text,
      tsvector_to_array(l.document) as lexemes
    from vacancies.listing l
    where l.listed_at >= ${since}
      and ${after ? sql`(l.listed_at, l.vacancy_id) > (${after.listed_at}::timestamptz, ${after.vacancy_id}::uuid)` : sql`true`}
      and (l.expires_on is null or l.expires_on >= ${plainDate(ctx.now)})
    order by l.listed_at, l.vacancy_id
    limit ${most}`.execute(ctx.db)
  return rows.map(({ lexemes, ...row }) => ({ ...row, keys: keysOf(row, lexemes) }))
}

function keysOf({ isco, other_trades }: Pick<Arrival, 'isco' | 'other_trades'>, lexemes: readonly string[]): string[] {
  const keys = new Set([...(isco ? [isco] : []), ...other_trades].map(tradeKey))
  for (const lexeme of lexemes) {
    keys.add(`w:${lexeme}`)
    if (lexeme.length >= SHORT) keys.add(`a:${lexeme.slice(0, SHORT)}`)
    if (lexeme.length >= LONG) keys.add(`b:${lexeme.slice(0, LONG)}`)
  }
  return [...keys]
}
