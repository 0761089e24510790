import { sql } from 'kysely'
import { newId } from '#kernel/ids.ts'
import { saveAdvert } from '../src/modules/vacancies/adverts.ts'
import type { Advert } from '../src/modules/vacancies/sources/advert.ts'
import { eachFact } from '../src/modules/vacancies/sources/facts.ts'
import { NOW, type TestDatabase } from './database.ts'

const day = (text: string) => Temporal.PlainDate.from(text)

/** What some portals give: a title, a country and a day of long ago. Nothing else is stated. */
const BARE: Advert = {
  source: 'trudvsem',
  source_id: '',
  source_url: null,
  lang: 'ru',
  title: 'Сварщик',
  profession: null,
  employer: null,
  country: 'RU',
  region_text: null,
  employer_region: null,
  region_code: null,
  place_code: null,
  workplace_text: null,
  pay: null,
  published_on: day('2024-05-02'),
  modified_on: null,
  expires_on: null,
  duties: null,
  requirements: null,
  conditions: null,
  schedule: null,
  hours: null,
  contract: null,
  positions: null,
  accommodation: null,
  ...eachFact(() => null),
  foreigners: null,
  contacts: [],
  costs: [],
  documents: [],
  withdrawn: false,
  raw: {},
}

/** Everything that an advert can state, confirmed of late: the page of it is the heaviest, and search engines get it. */
export const FULL: Partial<Advert> = {
  source: 'employer',
  title: 'Монтажник стальных конструкций',
  profession: 'Монтажник',
  employer: { name: 'ООО «Мост & Башня»', inn: '7712345678', ogrn: '1027700132195' },
  region_code: '7100000000000',
  region_text: 'Тульская область',
  workplace_text: 'Тульская область, г Тула, ул. Заводская, 7',
  pay: { min: 7_000_000n, max: 9_500_000n, currency: 'RUB', period: 'month', gross: true },
  published_on: day('2026-11-16'),
  expires_on: day('2027-01-31'),
  duties: 'Собирать и крепить стальные конструкции.\nРаботать на высоте до 40 м.\nЧитать чертежи.',
  requirements: 'Удостоверение монтажника. Допуск к работам на высоте.',
  conditions: 'Принимаем иностранных граждан с патентом. Общежитие за счёт работодателя.',
  schedule: 'Вахта 60/30',
  hours: '11 часов в день',
  contract: 'fixed_term',
  positions: 12,
  education: 'Среднее профессиональное',
  experience: 'От 1 года',
  accommodation: true,
  food: true,
  transport: true,
  medical_card: true,
  foreigners: 'yes',
  contacts: [
    { kind: 'phone', value: '+7 900 000-00-00' },
    { kind: 'email', value: 'kadry@example.ru' },
    { kind: 'url', value: 'https://example.ru/rabota' },
  ],
  costs: [
    { item: 'accommodation', payer: 'employer' },
    { item: 'permit', payer: 'worker' },
  ],
  documents: ['Паспорт', 'Патент'],
}

const ADVERTS = {
  full: FULL,
  bare: {},
  tajik: {
    source: 'sample',
    lang: 'tg',
    title: 'Дӯзанда барои коргоҳи либос',
    country: 'TJ',
    employer: { name: 'Коргоҳи «Ҳунар»', inn: null, ogrn: null },
    workplace_text: 'Душанбе, кӯчаи Айнӣ, 12',
    pay: { min: 250_000n, max: null, currency: 'TJS', period: 'month', gross: false },
    published_on: day('2026-11-18'),
    duties: 'Дӯхтани либоси миллӣ.',
  },
  // Words that no line holds: they must not push the page sideways.
  long: {
    source: 'employer',
    lang: 'en',
    title: `Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch ${'W'.repeat(90)}`,
    country: 'KR',
    employer: { name: 'A'.repeat(120), inn: null, ogrn: null },
    pay: { min: 1_032_000n, max: 2_060_740n, currency: 'KRW', period: 'hour', gross: null },
    published_on: day('2026-10-17'),
    duties: `See ${'very-long-address/'.repeat(12)}`,
    contacts: [{ kind: 'email', value: `${'long'.repeat(14)}@${'example'.repeat(6)}.com` }],
  },
  hostile: {
    source: 'employer',
    lang: 'en',
    title: `Welder <script>alert(1)</script> "quoted" 'single' & </script>`,
    employer: { name: '<img src=x onerror=alert(1)>', inn: null, ogrn: null },
    workplace_text: '"><svg onload=alert(1)>',
    duties: '</script><script>alert(2)</script>]]>\u0007&amp;',
    published_on: day('2026-10-15'),
    expires_on: day('2026-12-31'),
  },
  citizens: { title: 'Водитель погрузчика', foreigners: 'no' },
  withdrawn: { title: 'Повар', withdrawn: true },
  expired: { title: 'Пекарь', expires_on: day('2026-11-20') },
  // Both wait for an officer: armed service is held, an odd title has no occupation.
  held: { title: 'Стрелок', duties: 'Служба по контракту в зоне СВО. Контракт с Министерством обороны.' },
  unclear: { title: 'Универсал широкого профиля XQZ' },
} as const satisfies Record<string, Partial<Advert>>

export type AdvertName = keyof typeof ADVERTS

/** Lets one advert come in as an import would: what is not stated here, its source does not state. Answers its reference. */
export async function bringAdvert(
  site: Pick<TestDatabase, 'ctx' | 'owner'>,
  source_id: string,
  stated: Partial<Advert>,
): Promise<string> {
  const ctx = site.ctx({ db: site.owner, actor: { kind: 'system', task: 'test' } })
  const { id } = await saveAdvert(ctx, { ...BARE, source_id, ...stated }, null)
  const found = site.owner.selectFrom('vacancies.vacancy').select('reference').where('id', '=', id)
  return (await found.executeTakeFirstOrThrow()).reference
}

/**
 * Lets adverts come in as an import would and somebody report the full one; `more` plain ones fill the pages of lists.
 * Answers the reference of each by its name.
 */
export async function bringAdverts(
  site: Pick<TestDatabase, 'ctx' | 'owner'>,
  { more = 0 } = {},
): Promise<Record<AdvertName, string>> {
  const references: Record<string, string> = {}
  const plain = Array.from(
    { length: more },
    (_, i) => [`plain${i}`, { published_on: day('2024-05-02').add({ days: i }) }] as const,
  )
  for (const [name, stated] of [...Object.entries(ADVERTS), ...plain]) {
    references[name] = await bringAdvert(site, name, stated)
  }
  await sql`
    select vacancies.report_suspicion(${newId()}, ${newId()}, ${references.full!}, 'fee', 'They ask for money <b>first</b>.', 'en', ${NOW}, ${NOW.add({ hours: 24 })})`.execute(
    site.owner,
  )
  return references as Record<AdvertName, string>
}
