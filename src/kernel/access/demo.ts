import type { Ctx } from '../context.ts'
import type { RoleName } from '../module.ts'
import { createOrganisation } from '../organisations/organisations.ts'
import { createUser } from './credentials.ts'
import { deriveKey, fingerprint } from './secrets.ts'

type DemoUser = { role: RoleName; more?: RoleName[]; email: string; name: string; at: keyof typeof OFFICES }

const OFFICES = {
  service: {
    kind: 'authority',
    country: 'TJ',
    names: { tg: 'Хадамоти муҳоҷират (намуна)', ru: 'Миграционная служба (образец)', en: 'Migration Service (sample)' },
  },
  centre: {
    kind: 'centre',
    country: 'TJ',
    names: {
      tg: 'Маркази дастгирии муҳоҷирон (намуна)',
      ru: 'Центр поддержки мигрантов (образец)',
      en: 'Migrant Support Centre (sample)',
    },
  },
  embassy: {
    kind: 'consulate',
    country: 'RU',
    names: { tg: 'Сафорат дар Маскав (намуна)', ru: 'Посольство в Москве (образец)', en: 'Embassy in Moscow (sample)' },
  },
  foreign_ministry: {
    kind: 'authority',
    country: 'TJ',
    names: { tg: 'Вазорати корҳои хориҷӣ (намуна)', ru: 'МИД (образец)', en: 'Foreign Ministry (sample)' },
  },
  employment_agency: {
    kind: 'authority',
    country: 'TJ',
    names: {
      tg: 'Агентии меҳнат ва шуғл (намуна)',
      ru: 'Агентство труда и занятости (образец)',
      en: 'Employment Agency (sample)',
    },
  },
  representation: {
    kind: 'authority',
    country: 'RU',
    names: {
      tg: 'Намояндагии вазорат дар Русия (намуна)',
      ru: 'Представительство министерства в России (образец)',
      en: 'Representation of the Ministry in Russia (sample)',
    },
  },
  employer: {
    kind: 'employer',
    country: 'TJ',
    names: {
      tg: 'Ширкати сохтмонии «Устод» (намуна)',
      ru: 'Строительная компания «Устод» (образец)',
      en: 'Ustod Construction (sample)',
    },
  },
  employer_abroad: {
    kind: 'employer',
    country: 'RU',
    names: {
      tg: 'ҶДММ «Кирпичный двор» (намуна)',
      ru: 'ООО «Кирпичный двор» (образец)',
      en: 'Kirpichny Dvor (sample)',
    },
  },
  agency: {
    kind: 'agency',
    country: 'TJ',
    names: {
      tg: 'Агентии «Роҳи сафед» (намуна)',
      ru: 'Агентство «Рохи сафед» (образец)',
      en: 'Rohi Safed Agency (sample)',
    },
  },
  interior_ministry: {
    kind: 'authority',
    country: 'TJ',
    names: { tg: 'Вазорати корҳои дохилӣ (намуна)', ru: 'МВД (образец)', en: 'Interior Ministry (sample)' },
  },
  carrier: {
    kind: 'carrier',
    country: 'TJ',
    names: {
      tg: 'Ҳамлкунанда «Кабӯтар» (намуна)',
      ru: 'Перевозчик «Кабутар» (образец)',
      en: 'Kabutar Airways (sample)',
    },
  },
} as const satisfies Record<string, Parameters<typeof createOrganisation>[1]>

/** One invented person per role. The first administers the whole platform; the centre has an administrator of its own. */
export const DEMO_USERS: readonly DemoUser[] = [
  {
    role: 'administrator',
    more: ['platform_administrator'],
    email: 'administrator@example.tj',
    name: 'Фирӯза Намунавӣ',
    at: 'service',
  },
  { role: 'vacancy_officer', email: 'vacancy-officer@example.tj', name: 'Зарина Намунавӣ', at: 'service' },
  {
    role: 'employment_officer',
    email: 'employment-officer@example.tj',
    name: 'Манзура Намунавӣ',
    at: 'employment_agency',
  },
  {
    role: 'ministry_representative',
    email: 'representative@example.tj',
    name: 'Сафар Намунавӣ',
    at: 'representation',
  },
  {
    role: 'employer',
    more: ['employer_administrator'],
    email: 'employer@example.tj',
    name: 'Устод Намунавӣ',
    at: 'employer',
  },
  {
    role: 'employer',
    more: ['employer_administrator'],
    email: 'employer-abroad@example.tj',
    name: 'Иван Образцов',
    at: 'employer_abroad',
  },
  {
    role: 'employer',
    more: ['employer_administrator'],
    email: 'agency@example.tj',
    name: 'Гулнора Намунавӣ',
    at: 'agency',
  },
  { role: 'registry_officer', email: 'registry-officer@example.tj', name: 'Шаҳло Намунавӣ', at: 'service' },
  { role: 'registry_officer', email: 'registry-officer-2@example.tj', name: 'Далер Намунавӣ', at: 'service' },
  {
    role: 'notice_officer',
    more: ['registry_officer'],
    email: 'notice-officer@example.tj',
    name: 'Мадина Намунавӣ',
    at: 'service',
  },
  { role: 'notice_officer', email: 'notice-officer-2@example.tj', name: 'Фаррух Намунавӣ', at: 'service' },
  { role: 'consul', email: 'consul@example.tj', name: 'Парвиз Намунавӣ', at: 'embassy' },
  { role: 'notice_recipient', email: 'foreign-ministry@example.tj', name: 'Лола Намунавӣ', at: 'foreign_ministry' },
  { role: 'notice_recipient', email: 'interior-ministry@example.tj', name: 'Умед Намунавӣ', at: 'interior_ministry' },
  { role: 'carrier_desk', email: 'carrier-desk@example.tj', name: 'Ҷамшед Намунавӣ', at: 'carrier' },
  { role: 'auditor', email: 'auditor@example.tj', name: 'Рустам Намунавӣ', at: 'service' },
  { role: 'adviser', email: 'adviser@example.tj', name: 'Беҳрӯз Намунавӣ', at: 'centre' },
  { role: 'administrator', email: 'centre-admin@example.tj', name: 'Нигина Намунавӣ', at: 'centre' },
  { role: 'carrier_agent', email: 'carrier@example.tj', name: 'Парвиз Намунавӣ', at: 'carrier' },
]

/** Creates the invented organisations and people of a demonstration. System context on the owner's connection, once. */
export async function demoUsers(ctx: Ctx): Promise<void> {
  const offices = new Map<string, string>()
  for (const [at, office] of Object.entries(OFFICES)) offices.set(at, await createOrganisation(ctx, office))
  for (const { role, more = [], email, name, at } of DEMO_USERS) {
    const organisation_id = offices.get(at)!
    await createUser(ctx, {
      email,
      name,
      locale: 'tg',
      organisation_id,
      roles: [role, ...more],
      password: demoPassword(ctx, email),
    })
  }
}

/** How to sign in to a demonstration, as shown at the start. Empty in a database that is none. */
export const demoSignIns = (ctx: Pick<Ctx, 'platform'>): { role: RoleName; email: string; password: string }[] =>
  ctx.platform.demonstration
    ? DEMO_USERS.map(({ role, email }) => ({ role, email, password: demoPassword(ctx, email) }))
    : []

// Made from the installation's secret: the same at every start, another one on every machine, stored nowhere.
const demoPassword = (ctx: Pick<Ctx, 'platform'>, email: string): string => {
  const digits = fingerprint(deriveKey(ctx.platform.config.HAMSAFAR_SECRET_KEY, 'demonstration'), email).toString('hex')
  return `namuna-${digits.slice(0, 4)}-${digits.slice(4, 8)}-${digits.slice(8, 12)}`
}
