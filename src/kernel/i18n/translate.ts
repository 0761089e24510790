import type { Child } from 'hono/jsx'
import { type Formatters, IntlMessageFormat } from 'intl-messageformat'
import { formatOf } from './format.ts'
import { FALLBACKS, LANGUAGES, type Lang } from './languages.ts'

/** Flat `key → ICU message`, one such object per language and folder. */
export type Messages = Record<Lang, Record<string, string>>

type Values = Record<string, unknown>
type RichValues = Record<string, string | number | Child | ((chunks: Child[]) => Child)>

/** Looks a message up in one language and fills it in. An unknown key is a fault: it throws. */
export type Translate = {
  (key: string, values?: Values): string
  /** The same with tags: `t.rich('x', { a: (chunks) => <a href="…">{chunks}</a> })`. */
  rich(key: string, values: RichValues): Child[]
  /** For keys made from data, such as `code.LIST.VALUE`. */
  has(key: string): boolean
}

/** All messages of the platform: `folder.key` → message, per language. */
export type Catalogue = Record<Lang, Map<string, string>>

/** Joins the messages of all parts, each under its own name, so that no two can collide. */
export function buildCatalogue(parts: readonly { name: string; messages?: Messages }[]): Catalogue {
  const catalogue = Object.fromEntries(LANGUAGES.map((lang) => [lang, new Map()])) as Catalogue
  for (const part of parts) {
    for (const lang of LANGUAGES) {
      for (const [key, text] of Object.entries(part.messages?.[lang] ?? {}))
        catalogue[lang].set(`${part.name}.${key}`, text)
    }
  }
  return catalogue
}

/** The translate function of a language. Parsed messages are kept, so make one per language and process. */
export function translator(catalogue: Catalogue, lang: Lang): Translate {
  const parsed = new Map<string, IntlMessageFormat>()
  const source = (key: string) => {
    for (const candidate of [lang, ...FALLBACKS[lang]]) {
      const text = catalogue[candidate].get(key)
      if (text !== undefined) return text
    }
  }
  const message = (key: string) => {
    let found = parsed.get(key)
    if (!found) {
      const text = source(key)
      if (text === undefined) throw new Error(`No message ${key} in ${lang} or its fallbacks`)
      found = new IntlMessageFormat(text, 'en', undefined, { formatters: formattersOf(lang) })
      parsed.set(key, found)
    }
    return found
  }
  return Object.assign(
    (key: string, values?: Values) => String(message(key).format(values as Record<string, string>)),
    {
      rich: (key: string, values: RichValues) =>
        [message(key).format<Child>(values as Record<string, string>)].flat() as Child[],
      has: (key: string) => source(key) !== undefined,
    },
  )
}

// Intl.PluralRules('tg') silently uses the process's own locale. CLDR: Tajik has one (n = 1) and other, as English.
function formattersOf(lang: Lang): Formatters {
  const format = formatOf(lang)
  const plurals = new Intl.PluralRules(lang === 'tg' ? 'en' : lang)
  return {
    getPluralRules: (_locale, options) =>
      options?.type === 'ordinal' ? new Intl.PluralRules(lang === 'tg' ? 'en' : lang, options) : plurals,
    getNumberFormat: (_locale, options) =>
      ({ format: (value: number) => format.number(value, options as Intl.NumberFormatOptions) }) as Intl.NumberFormat,
    getDateTimeFormat: () => {
      throw new Error('Dates are formatted before they reach a message')
    },
  }
}
