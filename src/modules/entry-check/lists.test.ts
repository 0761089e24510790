import { afterAll, beforeAll, expect, test } from 'vitest'
import { importFile, takeUnattended } from '#kernel/imports/import-file.ts'
import type { JobCtx } from '#kernel/jobs/job.ts'
import { type TestApp, testApp, testOffice } from '../../../test/app.ts'
import { NOW } from '../../../test/database.ts'
import { bringNotices } from '../../../test/notices.ts'
import { listImport } from '../expulsions/import.ts'
import { askDesk, TRAVELLERS, work } from './fixtures/desk.ts'
import { listsInForce } from './list-version.ts'

const DAYS_LATER = NOW.add({ hours: 20 * 24 })

let site: TestApp
beforeAll(async () => {
  site = await testApp({ now: () => NOW })
  await bringNotices(site)
  await work(site)
})
afterAll(() => site.drop())

const TYPED = {
  ...{ letter: '14/2-882', family: 'Дастнавис', given: 'Сино', document: 'A60000001', measure: 'entry_ban' },
  ...{
    birth_day: '3',
    birth_month: '3',
    birth_year: '1983',
    term: 'until',
    ends_day: '1',
    ends_month: '6',
    ends_year: '2029',
  },
}
async function typeByHand() {
  const response = await site.ask('/en/work/expulsions/new', { as: 'consul', form: TYPED })
  const id = response.headers.get('location')!.split('/').at(-1)!
  const ctx = site.ctx({ db: site.owner, actor: { kind: 'system', task: 'imports.take' } })
  const job = { ...ctx, run_id: null, signal: new AbortController().signal, report: async () => {} } as JobCtx
  await takeUnattended(job, id)
}
const list = (family: string) =>
  `№;ФИО;Д.р.;Паспорт;Мера\n1;${family} Сино;03.03.1983;A6000${family.length}0002;неразрешение въезда\n`
async function bring(organisation_id: string, name: string, text: string, now: Temporal.Instant) {
  const actor = { ...(await site.actor('consul')), organisation_id }
  const ctx = site.ctx({ db: site.owner, actor, now })
  const found = await importFile(ctx, listImport, { name, bytes: Buffer.from(text) }, { source: `Letter ${name}` })
  expect(found.state).toBe('done')
}
const inForce = () => listsInForce(site.ctx({ db: site.owner }))

test('the date of the lists is that of the oldest among the newest of each office that sends them; what is typed by hand, or much shorter, is none', async () => {
  const [consul, other] = [(await site.actor('consul')).organisation_id, await testOffice(site, 'Another office')]
  await bring(consul, 'before.csv', list('Пешинаев'), NOW.subtract({ hours: 31 }))
  const first = await inForce()
  expect(first.on).toEqual(NOW.subtract({ hours: 30 }))
  await typeByHand()
  const typed = await inForce()
  expect(typed.on).toEqual(first.on)
  expect(typed.version).toBeGreaterThan(first.version)
  // What another office sends says nothing about the lists of this one; nor is anything expected of one that sent a single list.
  await bring(other, 'other.csv', list('Дигаров'), DAYS_LATER)
  expect((await inForce()).on).toEqual(first.on)
  // A row or two more make no long list young.
  await bring(consul, 'more.csv', list('Иловаев'), DAYS_LATER)
  expect((await inForce()).on).toEqual(first.on)
  await bring(
    consul,
    'own.csv',
    `${list('Худиев')}2;Дуюмов Сино;04.03.1983;A60000003;депортация\n`,
    DAYS_LATER.add({ hours: 1 }),
  )
  expect((await inForce()).on).toEqual(DAYS_LATER.add({ hours: 1 }))
  // The same file again is the news that nothing changed.
  await bring(other, 'other.csv', list('Дигаров'), DAYS_LATER.add({ hours: 48 }))
  expect((await inForce()).on).toEqual(DAYS_LATER.add({ hours: 1 }))
  // Of an office that is closed nothing is expected.
  await bring(other, 'last.csv', list('Охиров'), DAYS_LATER.add({ hours: 72 }))
  await site.owner.updateTable('organisations.organisation').set({ closed_at: NOW }).where('id', '=', consul).execute()
  expect((await inForce()).on).toEqual(DAYS_LATER.add({ hours: 72 }))
})

test('a listed answer says until when, to whom and with what to appeal, dated and with its source; paper too', async () => {
  const page = async (traveller: (typeof TRAVELLERS)[keyof typeof TRAVELLERS], below = '') => {
    const reference = await askDesk(site, traveller)
    await work(site)
    return (await site.ask(`/en/work/entry-checks/${reference}${below}`, { as: 'adviser' })).text()
  }
  const banned = await page(TRAVELLERS.banned)
  expect(banned).toContain('Go to court within 3 months after you learned of the decision.')
  expect(banned).toMatch(/zullus\.ru[\s\S]*As of 1\sJanuary\s2022[\s\S]*Check with a lawyer\./)
  expect(banned).toContain('Bring passport, decision and proof of the day you got it.')
  expect(banned).toContain('To whom: the court named in the decision, or whoever decided.')
  const controlled = await page(TRAVELLERS.controlled)
  expect(controlled).toContain('Ask the police migration unit to take you off the register. It answers within 30 days.')
  expect(controlled).toContain('migrantexam.ru')
  expect(await page(TRAVELLERS.free)).not.toContain('How to appeal')
  const card = await page(TRAVELLERS.banned, '/card')
  const main = card.slice(card.indexOf('<article'))
  expect(main).toContain('Как обжаловать')
  expect(main).toContain('zullus.ru')
  expect(main).not.toContain('href="https://zullus.ru')
})
