import type { NativeFormat } from '#kernel/imports/kind.ts'
import type { Cells } from './read-advert.ts'

// The portal's records as they are published; every field may be missing or of another type than promised.
type Fields = Record<string, unknown>

const fields = (value: unknown): Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {}
const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : [])
const text = (value: unknown): string | null =>
  typeof value === 'string' || typeof value === 'number' ? String(value).trim() || null : null
const yes = (value: unknown): string | null => (value === true ? 'yes' : null)
const join = (parts: (string | null)[], by: string): string | null => parts.filter(Boolean).join(by) || null

/**
 * An answer of https://opendata.trudvsem.ru/api/v1/vacancies. Its traps: `region` is where the employer is registered,
 * the work is at `addresses.address[].location`; 0 is no salary; `salary` in words knows "from" where both ends are
 * equal; the currency is `«руб.»`. A box left unticked (foreigners, quota) says nothing, so false is "not stated".
 */
export const TRUDVSEM_API: NativeFormat = {
  name: 'trudvsem_api',
  detect: (document) => Array.isArray(fields(fields(document).results).vacancies) || isEmptyAnswer(document),
  rows: (document) => list(fields(fields(document).results).vacancies).map((row) => fields(fields(row).vacancy)),
  cells: (record) => apiCells(fields(record)),
}

/** A file of the portal's bulk export: `{ vacancies: [...] }` with other names and HTML in its texts. */
export const TRUDVSEM_BULK: NativeFormat = {
  name: 'trudvsem_bulk',
  detect: (document) => list(fields(document).vacancies).some((row) => 'vacancy_name' in fields(row)),
  rows: (document) => list(fields(document).vacancies),
  cells: (record) => bulkCells(fields(record)),
}

// A region without vacancies answers without `results`, or with empty ones.
const isEmptyAnswer = (document: unknown) => text(fields(document).status) === '200' && 'meta' in fields(document)

function apiCells(vacancy: Fields): Cells {
  const requirement = fields(vacancy.requirement)
  const places = fields(vacancy.workPlaceType)
  const company = fields(vacancy.company)
  const addresses = list(fields(vacancy.addresses).address).map((address) => text(fields(address).location))
  const years = Number(requirement.experience)
  return {
    ...offerOf(vacancy),
    ...employerOf(company),
    source: 'trudvsem',
    source_id: text(vacancy.id),
    source_url: text(vacancy.vac_url),
    lang: 'ru',
    title: text(vacancy['job-name']),
    profession: null,
    country: 'RU',
    workplace: join([...new Set(addresses)], '; '),
    published_on: text(vacancy['creation-date'])?.slice(0, 10),
    modified_on: text(vacancy.date_modify)?.slice(0, 10),
    duties: text(vacancy.duty),
    requirements: join([text(vacancy.requirements), text(requirement.qualification)], '\n'),
    conditions: join(
      [
        text(vacancy.term),
        places.workPlaceQuota === true ? 'Квотируемое рабочее место' : null,
        text(vacancy.social_protected),
      ],
      '\n',
    ),
    schedule: text(vacancy.schedule),
    contract: contractOf(text(vacancy.employment)),
    positions: positionsOf(vacancy.work_places),
    education: text(requirement.education),
    experience: experienceOf(years),
    foreigners: yes(places.workPlaceForeign),
    ...contactsOf(vacancy, company),
  }
}

function bulkCells(vacancy: Fields): Cells {
  const company = fields(vacancy.company)
  return {
    ...offerOf(vacancy),
    ...employerOf(company),
    source: 'trudvsem',
    source_id: text(vacancy.id),
    source_url: text(vacancy.vac_url),
    lang: 'ru',
    title: text(vacancy.vacancy_name),
    country: 'RU',
    region: text(vacancy.vacancy_address),
    region_code: text(vacancy.vacancy_address_code),
    workplace: join([text(vacancy.vacancy_address), text(vacancy.vacancy_address_additional_info)], ', '),
    published_on: (text(vacancy.published_date) ?? text(vacancy.date_create))?.slice(0, 10),
    modified_on: text(vacancy.date_modify)?.slice(0, 10),
    duties: text(vacancy.position_responsibilities),
    requirements: join([text(vacancy.position_requirements), text(vacancy.additional_requirements)], '\n'),
    conditions: join(
      [text(vacancy.other_vacancy_benefit), join(list(vacancy.vacancy_benefit_ids).map(text), ', ')],
      '\n',
    ),
    schedule: text(vacancy.schedule_type),
    contract: contractOf(text(vacancy.busy_type)),
    positions: positionsOf(vacancy.work_places),
    education: text(vacancy.education),
    experience: experienceOf(Number(vacancy.required_experience)),
    accommodation: yes(vacancy.accommodation_capability),
    transport: text(vacancy.transport_compensation) ? 'yes' : null,
    medical_card: yes(vacancy.need_medcard),
    foreigners: yes(vacancy.foreign_workers_capability),
    ...contactsOf(vacancy, company),
    withdrawn: vacancy.deleted === true || isShut(vacancy) ? 'yes' : null,
  }
}

// Salaries at the portal are for a month: it takes them from the employers' monthly report of their vacancies.
function offerOf(vacancy: Fields): Cells {
  const [min, max] = [Number(vacancy.salary_min) || 0, Number(vacancy.salary_max) || 0]
  const onlyFrom = /^\s*от\s/i.test(text(vacancy.salary) ?? '') && min === max
  return {
    pay_min: min > 0 ? String(min) : null,
    pay_max: max > 0 && !onlyFrom ? String(max) : null,
    pay_currency: min > 0 || max > 0 ? (text(vacancy.currency) ?? 'RUB') : null,
    pay_period: min > 0 || max > 0 ? 'month' : null,
  }
}

const employerOf = (company: Fields): Cells => ({
  employer_name: text(company.name),
  employer_inn: text(company.inn),
  employer_ogrn: text(company.ogrn),
})

// Contacts of people are not kept: the company's own are enough to ask.
function contactsOf(vacancy: Fields, company: Fields): Cells {
  const stated = list(vacancy.contact_list).map(fields)
  const value = (kind: RegExp) =>
    stated
      .filter((contact) => kind.test(text(contact.contact_type) ?? ''))
      .map((contact) => text(contact.contact_value))
      .find((found) => found && found !== '[removed]')
  return {
    phone: text(company.phone) ?? value(/телефон/i),
    email: text(company.email) ?? value(/почта|mail/i),
    website: text(company.site),
  }
}

const positionsOf = (value: unknown) => (Number(value) > 0 ? String(Number(value)) : null)
const experienceOf = (years: number) => (years > 0 ? `Опыт работы от ${years} ${years === 1 ? 'года' : 'лет'}` : null)
const contractOf = (kind: string | null) => (kind && /временн|сезонн|постоянн|гпх|гражданско/i.test(kind) ? kind : null)
const isShut = (vacancy: Fields) =>
  (text(vacancy.status) ?? 'ACCEPTED') !== 'ACCEPTED' ||
  (text(vacancy.visibility) ?? 'VISIBLE_TO_ALL') !== 'VISIBLE_TO_ALL'
