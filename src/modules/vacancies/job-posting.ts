import type { Ctx } from '#kernel/context.ts'
import { decimalOf } from '#kernel/money.ts'
import { placeName } from '#kernel/places/places.ts'
import { confirmedOn, isStale, type Vacancy } from './vacancies.ts'

const UNITS: Partial<Record<string, string>> = { hour: 'HOUR', day: 'DAY', week: 'WEEK', month: 'MONTH', year: 'YEAR' }
const EMPLOYMENT: Partial<Record<string, string>> = {
  fixed_term: 'TEMPORARY',
  seasonal: 'TEMPORARY',
  service: 'CONTRACTOR',
}

/**
 * The advert as schema.org JobPosting for search engines; null unless employer, workplace and dates are known, and
 * the advert is either confirmed of late or says itself until when it runs. Never for an invented one.
 */
export async function jobPosting(ctx: Ctx, vacancy: Vacancy): Promise<object | null> {
  const { employer_name, published_on, expires_on } = vacancy
  if (vacancy.sample) return null
  const workplace = vacancy.workplace_text ?? (vacancy.place_code && (await placeName(ctx, vacancy.place_code)))
  if (!employer_name || !workplace || !published_on || (!expires_on && isStale(ctx, confirmedOn(vacancy)))) return null
  const description = [vacancy.duties, vacancy.requirements, vacancy.conditions].filter(Boolean).join('\n\n')
  if (!description) return null
  return {
    '@context': 'https://schema.org',
    '@type': 'JobPosting',
    title: vacancy.title,
    description: description
      .split('\n')
      .map((line) => `<p>${escaped(line)}</p>`)
      .join(''),
    identifier: { '@type': 'PropertyValue', name: 'Hamsafar', value: vacancy.reference },
    datePosted: published_on.toString(),
    ...(expires_on && { validThrough: `${expires_on}T23:59:59+05:00` }),
    ...(vacancy.contract && EMPLOYMENT[vacancy.contract] && { employmentType: EMPLOYMENT[vacancy.contract] }),
    hiringOrganization: { '@type': 'Organization', name: employer_name },
    jobLocation: {
      '@type': 'Place',
      address: {
        '@type': 'PostalAddress',
        addressCountry: vacancy.country,
        ...(vacancy.place_code &&
          vacancy.place_code !== vacancy.country && { addressRegion: await placeName(ctx, vacancy.place_code) }),
        ...(vacancy.workplace_text && { streetAddress: vacancy.workplace_text }),
      },
    },
    ...(vacancy.positions && { totalJobOpenings: vacancy.positions }),
    ...salary(vacancy),
  }
}

function salary({ pay_min, pay_max, pay_currency, pay_period }: Vacancy) {
  const unitText = UNITS[pay_period ?? '']
  if (!pay_currency || !unitText || (pay_min === null && pay_max === null)) return {}
  const value = (amount: bigint) => Number(decimalOf({ amount, currency: pay_currency }))
  return {
    baseSalary: {
      '@type': 'MonetaryAmount',
      currency: pay_currency,
      value: {
        '@type': 'QuantitativeValue',
        unitText,
        ...(pay_min !== null && { minValue: value(pay_min) }),
        ...(pay_max !== null && { maxValue: value(pay_max) }),
      },
    },
  }
}

const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
