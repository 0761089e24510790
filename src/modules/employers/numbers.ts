/** A number in the spelling that is kept; or what is wrong with it, as a message key. */
export type NumberReading = { value: string } | { error: string }

const RUSSIAN_10 = [2, 4, 10, 3, 5, 9, 4, 6, 8]
const RUSSIAN_12 = [
  [7, 2, 4, 10, 3, 5, 9, 4, 6, 8],
  [3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8],
]

const weighted = (digits: string, weights: readonly number[]) =>
  weights.reduce((sum, weight, i) => sum + weight * Number(digits[i]), 0)

// Order of the Federal Tax Service of Russia on INN: mod 11, then mod 10.
function isRussianInn(digits: string): boolean {
  if (digits.length === 10) return (weighted(digits, RUSSIAN_10) % 11) % 10 === Number(digits[9])
  if (digits.length !== 12) return false
  return RUSSIAN_12.every((weights, i) => (weighted(digits, weights) % 11) % 10 === Number(digits[10 + i]))
}

// Kazakhstan's BIN and IIN: weights 1…11; where that gives 10, weights 3…11, 1, 2; where again, there is no such number.
function isKazakhBin(digits: string): boolean {
  if (digits.length !== 12) return false
  const first = weighted(digits, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]) % 11
  const check = first < 10 ? first : weighted(digits, [3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2]) % 11
  return check < 10 && check === Number(digits[11])
}

/**
 * An organisation's taxpayer number by the rules of its country: Russia's INN (10 or 12 digits) and Kazakhstan's BIN with their
 * check digits, Tajikistan's nine digits; elsewhere 4 to 20 letters and digits, as they stand.
 */
export function readTin(country: string, text: string): NumberReading {
  const compact = text
    .normalize('NFKC')
    .replace(/[\s.-]/g, '')
    .toUpperCase()
  const digits = /^\d+$/.test(compact) ? compact : ''
  if (country === 'RU') return isRussianInn(digits) ? { value: digits } : { error: 'employers.number.inn' }
  if (country === 'KZ') return isKazakhBin(digits) ? { value: digits } : { error: 'employers.number.bin' }
  if (country === 'TJ') return /^\d{9}$/.test(digits) ? { value: digits } : { error: 'employers.number.tin' }
  return /^[0-9A-Z]{4,20}$/.test(compact) ? { value: compact } : { error: 'employers.number.other' }
}

/**
 * The number in Russia's state register: OGRN of 13 digits, OGRNIP of 15. The last is the rest of the others by 11 or 13,
 * of which the last digit counts (order of the Ministry of Finance on keeping the register).
 */
export function readOgrn(text: string): NumberReading {
  const digits = text.replace(/[\s-]/g, '')
  if (!/^(\d{13}|\d{15})$/.test(digits)) return { error: 'employers.number.ogrn' }
  const rest = BigInt(digits.slice(0, -1)) % BigInt(digits.length - 2)
  return Number(rest % 10n) === Number(digits.at(-1)) ? { value: digits } : { error: 'employers.number.ogrn' }
}

/** A telephone of an office anywhere, in E.164; null when it has no country code or too few digits. `00` and `8~10` count as +. */
export function readPhone(text: string, country: string): string | null {
  const plain = text.normalize('NFKC').trim()
  if (!/^\+?[\d\s().~-]+$/.test(plain)) return null
  const digits = plain.replace(/\D/g, '')
  if (plain.startsWith('+')) return /^[1-9]\d{8,14}$/.test(digits) ? `+${digits}` : null
  const abroad = /^(?:00|810)([1-9]\d{8,14})$/.exec(digits)?.[1]
  if (abroad) return `+${abroad}`
  if (country === 'TJ' && /^\d{9}$/.test(digits)) return `+992${digits}`
  if (country === 'RU' && /^8\d{10}$/.test(digits)) return `+7${digits.slice(1)}`
  return /^(992|7)\d{9,10}$/.test(digits) ? `+${digits}` : null
}
