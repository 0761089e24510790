import { audit } from '../audit/audit.ts'
import { plainDate } from '../i18n/format.ts'
import { defineImport, type ImportCtx, type ImportRow, type Reading } from '../imports/kind.ts'
import { parseCurrency } from './parse.ts'
import { type Rate, SOMONI, savedRates, saveRate } from './rates.ts'

/** A row as it was read: dates and decimals in text. */
export type RateRow = {
  date: string
  currency: string
  somoni: string
  unit?: number
  source?: string
  source_url?: string
}

/** Exchange rates as the national bank publishes them: so many somoni for so many units, for a day. */
export const ratesImport = defineImport<RateRow>({
  kind: 'rates',
  label: 'money.rates.title',
  hint: 'money.rates.hint',
  permission: 'rate.import',
  fields: [
    {
      name: 'date',
      label: 'money.rates.date',
      headings: ['date', 'дата', 'сана', 'рӯз'],
      required: true,
      read: readDate,
    },
    {
      name: 'currency',
      label: 'money.rates.currency',
      headings: ['currency', 'code', 'charcode', 'валюта', 'код', 'асъор', 'рамз'],
      required: true,
      read: readCurrency,
    },
    {
      name: 'unit',
      label: 'money.rates.unit',
      headings: ['unit', 'units', 'nominal', 'единиц', 'номинал', 'воҳид'],
      read: readUnit,
    },
    {
      name: 'somoni',
      label: 'money.rates.somoni',
      headings: ['somoni', 'rate', 'value', 'сомони', 'сомонӣ', 'курс', 'қурб'],
      required: true,
      read: readDecimal,
    },
    {
      name: 'source',
      label: 'money.rates.source',
      headings: ['source', 'источник', 'манбаъ'],
      read: (text) => ({ value: text }),
    },
    {
      name: 'source_url',
      label: 'money.rates.source_url',
      headings: ['source_url', 'url', 'ссылка', 'суроға'],
      read: (text) => (/^https?:\/\//.test(text) ? { value: text } : { error: { key: 'money.rates.bad_url' } }),
    },
  ],

  async check(ctx, rows) {
    const known = await savedRates(
      ctx,
      rows.filter(({ value }) => sourceOf(ctx, value) !== null).map((row) => rateOf(ctx, row)),
    )
    return rows.map((row) => {
      const errors = {
        ...(sourceOf(ctx, row.value) === null && { source: { key: 'money.rates.source_missing' } }),
        ...(isAhead(ctx, row.value.date) && { date: { key: 'money.rates.ahead' } }),
      }
      if (Object.keys(errors).length > 0) return { state: 'new', errors }
      return { state: known(rateOf(ctx, row)) }
    })
  },

  async apply(ctx, rows) {
    const outcomes = []
    for (const row of rows) outcomes.push({ outcome: await saveRate(ctx, rateOf(ctx, row)) })
    await audit(ctx, 'rate.import', { type: 'import', id: ctx.import.id }, { rows: rows.length })
    return outcomes
  },
})

// The row's own source, else what was said of the whole file.
const sourceOf = (ctx: ImportCtx, row: RateRow): string | null => row.source || ctx.import.source || null

// Banks publish tomorrow's rate today; a later one is a slip of the pen.
const isAhead = (ctx: ImportCtx, date: string) =>
  Temporal.PlainDate.compare(Temporal.PlainDate.from(date), plainDate(ctx.now).add({ days: 1 })) > 0

function rateOf(ctx: ImportCtx, { value }: ImportRow<RateRow>): Rate {
  return {
    currency: value.currency,
    rate_date: Temporal.PlainDate.from(value.date),
    somoni: value.somoni,
    unit: value.unit ?? 1,
    source: sourceOf(ctx, value)!,
    source_url: value.source_url ?? null,
  }
}

function readDate(text: string): Reading {
  const [, day, month, year] = /^(\d{1,2})\.(\d{1,2})\.(\d{4})$/.exec(text) ?? []
  const iso = day ? `${year}-${month!.padStart(2, '0')}-${day.padStart(2, '0')}` : text.slice(0, 10)
  try {
    return { value: Temporal.PlainDate.from(iso, { overflow: 'reject' }).toString() }
  } catch {
    return { error: { key: 'money.rates.bad_date' } }
  }
}

function readCurrency(text: string): Reading {
  const currency = parseCurrency(text)
  return currency === null || currency === SOMONI ? { error: { key: 'money.rates.bad_currency' } } : { value: currency }
}

function readUnit(text: string): Reading {
  return /^[1-9]\d{0,6}$/.test(text) ? { value: Number(text) } : { error: { key: 'money.rates.bad_unit' } }
}

function readDecimal(text: string): Reading {
  const decimal = text.replace(',', '.')
  return /^\d{1,9}(\.\d{1,12})?$/.test(decimal) && /[1-9]/.test(decimal)
    ? { value: decimal }
    : { error: { key: 'money.rates.bad_rate' } }
}
