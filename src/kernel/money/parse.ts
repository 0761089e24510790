import { isCurrency, type MoneyRange, minorDigits } from '../money.ts'
import { fold } from '../search/fold.ts'

// How adverts and lists write currencies, folded. RUR and BYR are codes that portals still use for the present rouble.
// Words that mean more than one currency (сом, манат, крона, ¥) are left out: a wrong currency is worse than none.
const CURRENCY_WORDS = new Map(
  Object.entries({
    RUB: 'руб р рубль рубля рублей рубли рубл rur rouble roubles ruble rubles',
    TJS: 'сомони смн somoni',
    USD: 'доллар доллара долларов доллары доллари долл dollar dollars',
    EUR: 'евро euro euros',
    KRW: 'вон вона воны won',
    KZT: 'тенге танга tenge',
    AED: 'дирхам дирхама дирхамов dirham dirhams',
    TRY: 'лира лиры лир lira',
    PLN: 'злотый злотых злоты zloty',
    GBP: 'фунт фунта фунтов pound pounds',
    BYN: 'byr',
  }).flatMap(([code, words]) => words.split(' ').map((word) => [word, code] as const)),
)
const CURRENCY_SIGNS: Record<string, string> = { '₽': 'RUB', $: 'USD', '€': 'EUR', '₩': 'KRW', '₸': 'KZT', '£': 'GBP' }

const FIGURE = /\d+(?:[ \u00a0\u2009\u202f.,']\d+)*/g
// Beyond any pay, and well inside what the database holds.
const MOST_DIGITS = 12
const THOUSANDS = /(?:^|[^\p{L}])(?:тыс|т\.? ?р|ҳазор|хазор|k)(?!\p{L})/iu

/** The currency a text names by code, sign or word (`«руб.»`, `₽`, `сомонӣ`, `RUR`); null when none or not surely one. */
export function parseCurrency(text: string): string | null {
  const found = new Set(
    Object.keys(CURRENCY_SIGNS)
      .filter((sign) => text.includes(sign))
      .map((sign) => CURRENCY_SIGNS[sign]!),
  )
  for (const word of fold(text.replace(/\d/g, ' ')).split(' ')) {
    const code = CURRENCY_WORDS.get(word) ?? word.toUpperCase()
    if (isCurrency(code)) found.add(code)
  }
  return found.size === 1 ? [...found][0]! : null
}

/**
 * A number as people write it, in the currency's minor units: `40 000`, `40,000`, `1.234.567`, `1 234,50`. Null when it
 * is no number, is beyond any pay, or has more decimals than the currency.
 */
export function parseAmount(text: string, currency: string): bigint | null {
  const compact = text.trim().replace(/[\s\u00a0\u2009\u202f']/g, '')
  const parts = /^(\d+|\d{1,3}(?:([.,])\d{3})(?:\2\d{3})*)(?:[.,](\d{1,2}|\d{4}))?$/.exec(compact)
  if (!parts || compact.replace(/\D/g, '').length > MOST_DIGITS) return null
  const digits = minorDigits(currency)
  const fraction = (parts[3] ?? '').padEnd(digits, '0')
  if (/[1-9]/.test(fraction.slice(digits))) return null
  return BigInt(parts[1]!.replace(/[.,]/g, '') + fraction.slice(0, digits))
}

/**
 * What an offer says of pay: `40 000 - 69 000 руб.`, `от 23 000 руб.`, `до 50 тыс. рублей`, `2 060 740 вон`. The
 * currency is the text's own, else the one given. A zero is "not stated". Null when it says nothing that is sure.
 */
export function parseMoneyRange(text: string, currency?: string): MoneyRange | null {
  const unit = parseCurrency(text) ?? currency
  const figures = text.match(FIGURE) ?? []
  if (unit === undefined || figures.length === 0 || figures.length > 2) return null
  const factor = THOUSANDS.test(text) ? 1000n : 1n
  const amounts = figures.map((figure) => parseAmount(figure, unit))
  if (amounts.includes(null)) return null
  const [first, second] = amounts.map((amount) => amount! * factor || null) as [
    bigint | null,
    bigint | null | undefined,
  ]
  if (second !== undefined) {
    if (first === null && second === null) return null
    return first !== null && second !== null && first > second ? null : { min: first, max: second, currency: unit }
  }
  if (first === null) return null
  const words = fold(text).split(' ')
  if (words.some((word) => ['от', 'аз', 'from'].includes(word))) return { min: first, max: null, currency: unit }
  if (words.some((word) => ['до', 'то', 'up', 'max'].includes(word))) return { min: null, max: first, currency: unit }
  return { min: first, max: first, currency: unit }
}
