import { IntlMessageFormat } from 'intl-messageformat'
import { FALLBACKS, type Lang } from './i18n/languages.ts'
import en from './money/messages/en.json' with { type: 'json' }
import ru from './money/messages/ru.json' with { type: 'json' }
import tg from './money/messages/tg.json' with { type: 'json' }

/** An amount in minor units (dirams, kopecks; whole won) and its ISO 4217 currency. Never a float. */
export type Money = { amount: bigint; currency: string }

/** What is offered or asked: from, to, or both; equal ends are one amount. */
export type MoneyRange = { min: bigint | null; max: bigint | null; currency: string }

const MESSAGES: Record<Lang, Record<string, string>> = { tg, ru, en }
const NO_BREAK_SPACE = '\u00a0'

// ISO 4217, list one: every other currency has two digits. (CLDR's figures are display habits and differ.)
const MINOR_DIGITS: Record<string, number> = Object.fromEntries([
  ...'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF'.split(' ').map((code) => [code, 0]),
  ...'BHD IQD JOD KWD LYD OMR TND'.split(' ').map((code) => [code, 3]),
  ...'CLF UYW'.split(' ').map((code) => [code, 4]),
])

/** Digits after the point in a currency's minor unit: TJS 2, KRW 0, KWD 3. */
export const minorDigits = (currency: string): number => MINOR_DIGITS[currency] ?? 2

/** Whether a text is a currency code of ISO 4217 in use. */
export const isCurrency = (code: string): boolean => CURRENCIES.has(code)
const CURRENCIES: ReadonlySet<string> = new Set(Intl.supportedValuesOf('currency'))

/** A whole number of units as minor units: `wholeUnits(2500, 'TJS')` is 250000. @throws RangeError for a fraction. */
export const wholeUnits = (units: number | bigint, currency: string): bigint =>
  BigInt(units) * 10n ** BigInt(minorDigits(currency))

/** Minor units as a plain decimal number in text: 123450 TJS is `1234.50`, whole amounts without decimals. */
export function decimalOf({ amount, currency }: Money): string {
  const digits = minorDigits(currency)
  const text = (amount < 0n ? -amount : amount).toString().padStart(digits + 1, '0')
  const whole = text.slice(0, text.length - digits)
  const fraction = text.slice(text.length - digits)
  return (amount < 0n ? '-' : '') + whole + (Number(fraction) === 0 ? '' : `.${fraction}`)
}

/** `2 060 740 вон`, `4,200 somoni`, `1 234,50 рубля`: decimals only where there are any, never broken over lines. */
export const formatMoney = (lang: Lang, money: Money): string => join(number(lang, money), unit(lang, money, 'counted'))

/** `70 000–95 000 рублей`, `от 23 000 рублей`, `до 50 000 рублей`; null when neither end is stated. */
export function formatMoneyRange(lang: Lang, { min, max, currency }: MoneyRange): string | null {
  if (min !== null && max !== null && min !== max) {
    const [from, to] = [
      { amount: min, currency },
      { amount: max, currency },
    ]
    return join(`${number(lang, from)}–${number(lang, to)}`, unit(lang, to, 'counted'))
  }
  if (min !== null && max !== null) return formatMoney(lang, { amount: max, currency })
  const amount = min ?? max
  if (amount === null) return null
  const money = { amount, currency }
  const text = join(number(lang, money), unit(lang, money, 'bounded'))
  return message(lang, min === null ? 'money.up_to' : 'money.from')!.format({ amount: text }) as string
}

const join = (figure: string, name: string) => `${figure}${NO_BREAK_SPACE}${name.replaceAll(' ', NO_BREAK_SPACE)}`

// The formatter reads the digits from the text, so that no amount passes through a float. Tajik writes numbers as Russian.
function number(lang: Lang, money: Money): string {
  const text = decimalOf(money) as Intl.StringNumericLiteral
  return numbersIn(lang === 'en' ? 'en-GB' : 'ru', text.includes('.') ? minorDigits(money.currency) : 0).format(text)
}

// Making a format costs more than using it a hundred times: each is made once.
const numbers = new Map<string, Intl.NumberFormat>()
function numbersIn(locale: string, minimumFractionDigits: number): Intl.NumberFormat {
  const key = `${locale} ${minimumFractionDigits}`
  const format = numbers.get(key) ?? new Intl.NumberFormat(locale, { minimumFractionDigits, useGrouping: 'always' })
  numbers.set(key, format)
  return format
}

function unit(lang: Lang, money: Money, after: 'counted' | 'bounded'): string {
  const name = message(lang, `money.currency.${money.currency}`)
  const n = Number(decimalOf(money))
  return name
    ? (name.format({ n: after === 'bounded' && lang === 'ru' ? inGenitive(n) : n }) as string)
    : money.currency
}

// Russian wants the genitive after "from" and "up to": 21 рубль, but от 21 рубля; 22 рубля, but до 22 рублей. These are
// the forms that stand after a fraction and after five.
const russianPlurals = new Intl.PluralRules('ru')
const inGenitive = (n: number) => ({ one: 1.5, few: 5 })[russianPlurals.select(n) as string] ?? n

const parsed = new Map<string, IntlMessageFormat>()

// Formatted here, not by the request's translator: a language's formats are made before its translator is.
function message(lang: Lang, key: string): IntlMessageFormat | undefined {
  const known = parsed.get(`${lang} ${key}`)
  if (known) return known
  for (const candidate of [lang, ...FALLBACKS[lang]]) {
    const text = MESSAGES[candidate][key.slice('money.'.length)]
    if (text === undefined) continue
    // Node has no Tajik plurals; they fall as the English ones do.
    const made = new IntlMessageFormat(text, candidate === 'tg' ? 'en' : candidate)
    parsed.set(`${lang} ${key}`, made)
    return made
  }
}
