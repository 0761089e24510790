import { randomUUID } from 'node:crypto'
import { openMail } from '#kernel/notifications/send-mail.ts'
import { openSms } from '#kernel/notifications/sms/sealing.ts'
import { makeEmployer } from '../src/modules/employers/fixtures/office.ts'
import type { Advert } from '../src/modules/vacancies/sources/advert.ts'
import { bringAdvert } from './adverts.ts'
import type { TestApp } from './app.ts'
import { strangers } from './strangers.ts'

const known = new WeakMap<TestApp, () => Record<string, string>>()

// Forms of visitors are limited by address: each of these comes from another.
function stranger(site: TestApp): Record<string, string> {
  const next = known.get(site) ?? strangers(site)
  known.set(site, next)
  return next()
}

/** An advert of that employer. Answers its reference. */
export async function bringOffer(site: TestApp, source_id: string, stated: Partial<Advert> = {}): Promise<string> {
  const reference = await bringAdvert(site, source_id, {
    ...{ source: 'employer', title: 'Сварщик', country: 'TJ', workplace_text: 'Душанбе' },
    pay: { min: 500_000n, max: 700_000n, currency: 'TJS', period: 'month', gross: false },
    published_on: Temporal.PlainDate.from('2026-11-18'),
    ...stated,
  })
  await site.owner
    .updateTable('vacancies.vacancy')
    .set({ employer_id: (await site.actor('employer')).organisation_id })
    .where('reference', '=', reference)
    .execute()
  return reference
}

/** What somebody fills in who looks for work. */
export const SEEKER = {
  ...{ name: 'Далер Намунаев', phone: '+992 90 123 45 67', own: 'yes', reach: 'sms', when: '' },
  ...{ trade: 'кафшергар, ронанда', lang_ru: 'talk', licences: ['welder', 'driver_b'], places: 'Душанбе' },
} as const

type Proof = { reference: string; pin: string }

/** Applies as a visitor does, with all three steps at once. Answers reference and PIN. */
export async function apply(
  site: TestApp,
  vacancy: string,
  change: Record<string, string | string[]> = {},
): Promise<Proof> {
  const response = await site.ask(`/en/vacancies/${vacancy}/apply`, {
    form: { ...SEEKER, licences: [...SEEKER.licences], form: randomUUID(), step: '3', ...change },
    headers: stranger(site),
  })
  const page = await response.text()
  const [, reference] = /class="code">([2-9A-Z]{4}-[2-9A-Z]{4}-[2-9A-Z]{4})</.exec(page) ?? []
  const [, pin] = /class="code">(\d{6})</.exec(page) ?? []
  if (!reference || !pin) throw new Error(`Applying answered ${response.status}`)
  return { reference, pin }
}

/** Opens *My case* and gives its text and ticket. */
export async function openCase(site: TestApp, proof: Proof): Promise<{ page: string; ticket: string }> {
  const response = await site.ask('/en/my-case', { form: proof, headers: stranger(site) })
  const page = await response.text()
  return { page, ticket: /name="ticket" value="([^"]+)"/.exec(page)?.[1] ?? '' }
}

/** Acts in an opened case. */
export async function actInCase(
  site: TestApp,
  proof: Proof,
  path: string,
  form: Record<string, string | string[] | File>,
): Promise<string> {
  const { ticket } = await openCase(site, proof)
  const response = await site.ask(`/en/my-case/${path}`, { form: { ticket, ...form }, headers: stranger(site) })
  if (response.status >= 500) throw new Error(`${path} answered ${response.status}`)
  return response.text()
}

/** The references of the applications that the employer sees, the newest first. */
export async function inbox(site: TestApp): Promise<string[]> {
  const page = await (await site.ask('/en/work/applications', { as: 'employer' })).text()
  return [...page.matchAll(/\/en\/work\/applications\/([2-9A-Z]{4}-[2-9A-Z]{4})"/g)].map(([, reference]) => reference!)
}

/** Asks for news of a search by e-mail; answers the token that the link in the mail carries. */
export async function bringAlert(
  site: TestApp,
  query = 'q=сварщик',
  form: Record<string, string> = { channel: 'email', to: 'daler@test.example', mode: 'now' },
): Promise<string> {
  const response = await site.ask(`/en/alert-me?${new URLSearchParams(query)}`, { form, headers: stranger(site) })
  if (response.status !== 303) throw new Error(`Asking for news answered ${response.status}`)
  const outbox = await messages(site)
  const [, token] = /\/(?:alerts|a)\/([\w-]{20})/.exec(outbox[0] ?? '') ?? []
  if (!token) throw new Error('No link was sent')
  return token
}

/** The mails and text messages to people without an account, the newest first, as they go out. */
export async function messages(site: TestApp): Promise<string[]> {
  const ctx = site.ctx({ db: site.owner, actor: { kind: 'system', task: 'test' } })
  const mails = await site.owner
    .selectFrom('notifications.delivery')
    .select(['id', 'sealed', 'created_at'])
    .where('sealed', 'is not', null)
    .execute()
  const texts = await site.owner
    .selectFrom('notifications.sms')
    .select(['id', 'sealed', 'created_at'])
    .where('sealed', 'is not', null)
    .execute()
  return [
    ...mails.map((mail) => ({ at: mail.id, text: JSON.stringify(openMail(ctx, mail.id, mail.sealed!)) })),
    ...texts.map((sms) => ({ at: sms.id, text: JSON.stringify(openSms(ctx, sms.id, sms.sealed!)) })),
  ]
    .toSorted((a, b) => (a.at < b.at ? 1 : -1))
    .map(({ text }) => text)
}

export type HiringName = 'offer' | 'application' | 'alert'

/** A verified employer with an advert, and somebody who applied for it. */
export async function bringHiring(site: TestApp): Promise<Record<HiringName, string>> {
  await makeEmployer(site)
  const offer = await bringOffer(site, 'hiring')
  await apply(site, offer)
  return { offer, application: (await inbox(site))[0]!, alert: await bringAlert(site) }
}
