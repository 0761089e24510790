/** The countries whose telephones get text messages. */
export const PHONE_COUNTRIES = ['TJ', 'RU', 'KZ', 'UZ', 'KG'] as const
export type PhoneCountry = (typeof PHONE_COUNTRIES)[number]

/**
 * Country code, the national number without what is dialled before it at home, and that prefix (ITU-T E.164 and the
 * national numbering plans). Of Russia and Kazakhstan, which share +7, only mobile ranges: a text reaches no desk telephone.
 */
const PLANS: Record<PhoneCountry, { code: string; national: RegExp; trunk: string }> = {
  TJ: { code: '992', national: /^[0-9]\d{8}$/, trunk: '8' },
  RU: { code: '7', national: /^9\d{9}$/, trunk: '8' },
  KZ: { code: '7', national: /^7[04-7]\d{8}$/, trunk: '8' },
  UZ: { code: '998', national: /^[2-9]\d{8}$/, trunk: '8' },
  KG: { code: '996', national: /^[2-9]\d{8}$/, trunk: '0' },
}

/**
 * A telephone number as people write it, in E.164 (`+992901234567`); null when it is none of TJ, RU, KZ, UZ, KG. Takes
 * +, 00 and the Russian 8~10 before the country code, or none of them. A number without a country code is that of `home`;
 * the ten digits of Russia and Kazakhstan (9…, 7…) need none.
 */
export function normalisePhone(text: string, home?: PhoneCountry): string | null {
  const plain = text.normalize('NFKC').trim()
  if (!/^\+?[\d\s().~\u2010-\u2015-]+$/.test(plain)) return null
  const digits = plain.replace(/\D/g, '')
  const abroad = /^(?:00|810)([1-9]\d{9,14})$/.exec(digits)?.[1]
  if (plain.startsWith('+')) return international(digits)
  return (
    (abroad ? international(abroad) : null) ?? (home && atHome(digits, home)) ?? international(digits) ?? shared(digits)
  )
}

function international(digits: string): string | null {
  const known = PHONE_COUNTRIES.some((country) => {
    const { code, national } = PLANS[country]
    return digits.startsWith(code) && national.test(digits.slice(code.length))
  })
  return known ? `+${digits}` : null
}

function atHome(digits: string, home: PhoneCountry): string | null {
  const { code, national, trunk } = PLANS[home]
  if (national.test(digits)) return `+${code}${digits}`
  return digits.startsWith(trunk) && national.test(digits.slice(trunk.length))
    ? `+${code}${digits.slice(trunk.length)}`
    : null
}

// 8 912 … and 912 …: nobody else's numbers are that long.
const shared = (digits: string) => atHome(digits, 'RU') ?? atHome(digits, 'KZ')
