import { createHash } from 'node:crypto'
import type { Json, Note } from '#kernel/imports/kind.ts'
import { parseAmount } from '#kernel/money/parse.ts'
import { minorDigits } from '#kernel/money.ts'
import { fold } from '#kernel/search/fold.ts'
import { Advert, COST_ITEMS } from './advert.ts'
import { ADVERT_COLUMNS } from './columns.ts'
import { eachFact } from './facts.ts'

/** A record as cells by column name; null, empty or absent: not stated. */
export type Cells = Record<string, string | null | undefined>

/** An advert with what was repaired on the way, by column; or why the row is none, by column. */
export type AdvertReading =
  | { ok: true; advert: Advert; repairs: Record<string, Note> }
  | { ok: false; errors: Record<string, Note> }

/** What the row itself need not say. `source`: whose list it is when the row does not name it. */
export type AdvertOrigin = {
  source?: Advert['source']
  /** Who brings it: keeps rows apart that name no employer. */
  owner?: string | null
  today: Temporal.PlainDate
  raw: unknown
}

/** Reads every cell by its column, then the whole. */
export function readAdvert(cells: Cells, origin: AdvertOrigin): AdvertReading {
  const values: Record<string, Json> = {}
  const repairs: Record<string, Note> = {}
  const errors: Record<string, Note> = {}
  for (const { name, required, read } of ADVERT_COLUMNS) {
    const cell = cells[name]?.trim() ?? ''
    const reading = cell === '' ? { value: null } : read(cell)
    if ('error' in reading) errors[name] = reading.error
    else {
      if (required && reading.value === null) errors[name] = { key: 'vacancies.row.missing' }
      values[name] = reading.value
      if ('repaired' in reading && reading.repaired) repairs[name] = reading.repaired
    }
  }
  if (Object.keys(errors).length > 0) return { ok: false, errors }
  const made = advertOf(values, origin)
  return made.ok ? { ...made, repairs } : made
}

/**
 * The advert of a row's values as the columns read them (see `ADVERT_COLUMNS`): what an import stored between preview and
 * import becomes an advert again. Errors are by column.
 */
export function advertOf(
  values: Readonly<Record<string, Json>>,
  { source = 'employer', owner, today, raw }: AdvertOrigin,
): { ok: true; advert: Advert } | { ok: false; errors: Record<string, Note> } {
  const text = (name: string) => (values[name] as string | null | undefined) ?? null
  const flag = (name: string) => (values[name] as boolean | null | undefined) ?? null
  const day = (name: string) => (text(name) ? Temporal.PlainDate.from(text(name)!) : null)
  const whole = (name: string) => (values[name] as number | null | undefined) ?? null
  const pay = payOf(values)
  if (pay === 'no_currency') return { ok: false, errors: { pay_currency: { key: 'vacancies.row.no_currency' } } }
  if (pay === 'disorder') return { ok: false, errors: { pay_max: { key: 'vacancies.row.pay_disorder' } } }
  const name = text('employer_name')
  const ago = whole('published_days_ago')
  const ahead = whole('expires_in_days')
  const published_on = ago !== null ? today.subtract({ days: ago }) : day('published_on')
  const expires_on = ahead !== null ? today.add({ days: ahead }) : day('expires_on')
  const wrongDay = dayErrors(published_on, expires_on, today)
  if (wrongDay) return { ok: false, errors: wrongDay }
  const contacts = (
    [
      ['phone', 'phone'],
      ['email', 'email'],
      ['url', 'website'],
      ['person', 'contact_person'],
    ] as const
  ).flatMap(([kind, column]) => (text(column) ? [{ kind, value: text(column)! }] : []))
  const costs = COST_ITEMS.flatMap((item) => {
    const payer = text(`pays_${item}`)
    return payer ? [{ item, payer }] : []
  })
  const own = [text('title'), text('duties'), text('requirements'), text('conditions')].filter(Boolean).join('\n')
  const advert = Advert.safeParse({
    source: text('source') ?? source,
    source_id: keyOf(values, (text('source') as Advert['source'] | null) ?? source, owner ?? null),
    source_url: text('source_url'),
    lang: text('lang') ?? languageOf(own),
    title: text('title'),
    profession: text('profession'),
    employer: name ? { name, inn: text('employer_inn'), ogrn: text('employer_ogrn') } : null,
    country: text('country'),
    region_text: text('region'),
    employer_region: text('employer_region'),
    region_code: text('region_code'),
    place_code: text('place_code'),
    workplace_text: text('workplace'),
    pay,
    published_on,
    modified_on: day('modified_on'),
    expires_on,
    duties: text('duties'),
    requirements: text('requirements'),
    conditions: text('conditions'),
    schedule: text('schedule'),
    hours: text('hours'),
    contract: text('contract'),
    positions: whole('positions'),
    accommodation: flag('accommodation'),
    ...eachFact((name) => values[name] ?? null),
    foreigners: text('foreigners'),
    contacts,
    costs,
    documents: (values.documents as string[] | null | undefined) ?? [],
    withdrawn: flag('withdrawn') ?? false,
    raw,
  })
  if (advert.success) return { ok: true, advert: advert.data }
  const columns = new Set(advert.error.issues.map(({ path }) => String(path[0])))
  return {
    ok: false,
    errors: Object.fromEntries([...columns].map((column) => [column, { key: 'vacancies.row.bad_value' }])),
  }
}

// Days that contradict the calendar. East of Dushanbe the next day has begun: an advert of tomorrow is not ahead.
function dayErrors(
  published: Temporal.PlainDate | null,
  expires: Temporal.PlainDate | null,
  today: Temporal.PlainDate,
): Record<string, Note> | null {
  const { compare } = Temporal.PlainDate
  if (published && compare(published, today.add({ days: 1 })) > 0)
    return { published_on: { key: 'vacancies.row.day_ahead', values: { value: String(published) } } }
  if (published && expires && compare(expires, published) < 0)
    return { expires_on: { key: 'vacancies.row.ends_before', values: { value: String(expires) } } }
  return null
}

// The cell with the whole offer, the two ends, or both: an end of its own stands above the text.
function payOf(values: Readonly<Record<string, Json>>): Advert['pay'] | 'no_currency' | 'disorder' {
  const offer = (values.pay ?? {}) as { min?: string | null; max?: string | null; currency?: string | null }
  const [from, to] = [
    (values.pay_min as string | null) ?? offer.min ?? null,
    (values.pay_max as string | null) ?? offer.max ?? null,
  ]
  if (from === null && to === null) return null
  const currency = (values.pay_currency as string | null) ?? offer.currency ?? null
  if (currency === null) return 'no_currency'
  const [min, max] = [from, to].map((amount) =>
    amount === null ? null : parseAmount(minorDigits(currency) === 0 ? amount.replace(/\.0+$/, '') : amount, currency),
  )
  if (min && max && min > max) return 'disorder'
  const tax = (values.pay_tax as string | null) ?? null
  return {
    min: min ?? null,
    max: max ?? null,
    currency,
    period: (values.pay_period as never) ?? null,
    gross: tax === null ? null : tax === 'gross',
  }
}

// A portal's numbers are its own; the lists of two employers may both begin with 1.
function keyOf(values: Readonly<Record<string, Json>>, source: Advert['source'], owner: string | null): string {
  const id = values.source_id as string | null | undefined
  if (!id) return contentKey(values)
  if (source === 'trudvsem' || source === 'sample') return id
  const employer = (values.employer_inn ?? values.employer_name ?? owner) as string | null
  return employer ? `${fold(employer)}/${id}` : id
}

// A row without a key of its own is known again by what it offers, so that importing the file twice changes nothing.
const contentKey = (values: Readonly<Record<string, Json>>) => {
  const parts = ['employer_name', 'title', 'country', 'region', 'workplace', 'duties'].map((name) => values[name] ?? '')
  return `row:${createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 24)}`
}

/** The language a text is written in, by its letters: what search and screen readers need to know. */
export function languageOf(text: string): Advert['lang'] {
  if (/[ғӣқӯҳҷ]/i.test(text)) return 'tg'
  const cyrillic = text.match(/\p{Script=Cyrillic}/gu)?.length ?? 0
  return cyrillic * 2 > (text.match(/\p{L}/gu)?.length ?? 0) ? 'ru' : 'en'
}
