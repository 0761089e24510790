import { verify as verifySignature } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { newId } from '#kernel/ids.ts'
import { importFile } from '#kernel/imports/import-file.ts'
import { type TestApp, testApp } from '../../../test/app.ts'
import { NOW } from '../../../test/database.ts'
import { liftMeasure } from '../../../test/lift.ts'
import { bringNotices } from '../../../test/notices.ts'
import { listImport } from '../expulsions/import.ts'
import { openAnswer } from './asking.ts'
import { askDesk, perform, proofOf, ROUTE, TRAVELLERS, type Traveller, work } from './fixtures/desk.ts'
import { bindingOf, readSlip, slipText } from './slip-code.ts'
import { issueSlip, SLIP_REVOKED, slipUntil, verifySlip } from './slips.ts'

let site: TestApp
let now = NOW
beforeAll(async () => {
  site = await testApp({ now: () => now })
  await bringNotices(site)
  await work(site)
})
afterAll(() => site.drop())

const textOf = (page: string) => page.replace(/<(style|script|svg)[\s\S]*?<\/\1>|<[^>]*>/g, ' ')

const make = (proof: { reference: string; pin: string }) =>
  site.ask('/en/entry-check/slip', { form: { ...proof, ...ROUTE } })
type Born = Traveller['born']
const verdict = async (code: string, document: string, [year, month, day]: Born = TRAVELLERS.free.born) =>
  (await verifySlip(site.ctx({ now }), code, document, year * 10_000 + month * 100 + day)).state
const STATES = {
  valid: 'The slip is genuine and still valid.',
  revoked: 'This slip is no longer valid.',
  ended: 'This slip has run out.',
  other_document: 'The slip belongs to another document.',
  forged: 'We did not make this code.',
  missing: 'Something is missing.',
}
// What the page answers without script: the one note that is not hidden.
async function shown(code: string, document: string, born: Born = TRAVELLERS.free.born): Promise<string[]> {
  const [birth_year, birth_month, birth_day] = born.map(String) as [string, string, string]
  const form = { code, document, birth_day, birth_month, birth_year }
  const page = await (await site.ask('/en/entry-check/verify', { form })).text()
  return Object.entries(STATES).flatMap(([state, words]) =>
    new RegExp(`data-state="${state}"(?! hidden)[^>]*>(?:(?!data-state)[\\s\\S])*${words}`).test(page) ? [state] : [],
  )
}
async function codeFor(proof: { reference: string; pin: string }): Promise<string> {
  const c = { req: { header: () => 'test' } } as never
  return site.db.transaction().execute(async (db) => {
    const opened = await openAnswer(site.ctx({ db, now }), c, proof)
    if (typeof opened === 'string') throw new Error(opened)
    const until = slipUntil({ now }, opened.answer)
    if (typeof until === 'string') throw new Error(until)
    return issueSlip(site.ctx({ db, now }), opened, 'Душанбе → Москва', until)
  })
}

test('a slip says what was not found, for one passport and one route; altered or with another passport it is worth nothing', async () => {
  const proof = await proofOf(site, TRAVELLERS.free)
  const page = await (await make(proof)).text()
  expect(page).toContain('Nobody may require it for boarding.')
  expect(page).toContain('Dushanbe → Moscow')
  expect(textOf(page)).not.toMatch(/A7777|7777/)
  const code = await codeFor(proof)
  expect(await verdict(code, 'а 77777777')).toBe('valid')
  expect(await shown(`http://127.0.0.1:8080/tg/entry-check/verify#${code}`, 'A77777777')).toEqual(['valid'])
  expect(await verdict(code, 'A77777778')).toBe('other_document')
  expect(await verdict(code, 'A77777777', [1992, 8, 7])).toBe('other_document')
  expect(await shown(code, 'A77777777', [1992, 8, 7])).toEqual(['other_document'])
  const [text, signature] = code.split('.') as [string, string]
  const slip = readSlip(Buffer.from(text, 'base64url').toString())!
  const longer = Buffer.from(slipText({ ...slip, until: slip.until + 1 })).toString('base64url')
  expect(await verdict(`${longer}.${signature}`, 'A77777777')).toBe('forged')
  for (const broken of ['.', code.slice(0, -3), `${text}.${'A'.repeat(86)}`, 'не код'])
    expect(await verdict(broken, 'A77777777')).toBe('forged')
  expect(slip.until - NOW.epochMilliseconds / 1000).toBe(72 * 3600)
  expect(JSON.stringify(slip)).not.toMatch(/A77777777|Санҷишзода|1992/)
  now = NOW.add({ hours: 73 })
  expect(await verdict(code, 'A77777777')).toBe('ended')
  now = NOW
})

test('a route is two places that the list knows, as it spells them: nothing else is ever signed', async () => {
  const proof = await proofOf(site, { ...TRAVELLERS.free, document: 'A66660003' })
  const ask = async (lang: string, from: string, to: string) => {
    await site.owner.deleteFrom('my_case.attempt').execute()
    const response = await site.ask(`/${lang}/entry-check/slip`, { form: { ...proof, from, to } })
    const page = await response.text()
    const code = /verify#([\w-]+)\.[\w-]+"/.exec(page)?.[1]
    return { status: response.status, page, route: code && readSlip(Buffer.from(code, 'base64url').toString())!.route }
  }
  for (const [lang, from, to, route] of [
    ['ru', 'душанбе', 'г. Москва', 'Душанбе → Москва'],
    ['tg', 'Хучанд', 'Санкт-Петербург', 'Хуҷанд → Санкт-Петербург'],
    ['en', 'Khujand', 'Yekaterinburg', 'Khujand → Екатеринбург'],
    ['ru', 'Худжанд, Согд', 'Новосибирск', 'Худжанд → Новосибирск'],
    ['ru', 'Нурек', 'Новосибирская обл.', 'Нурек → Новосибирская область'],
    ['en', 'Kulob', 'г. Казань', 'Kulob → Казань'],
    ['en', 'Leninabad', 'Moscow', 'Khujand → Moscow'],
    ['ru', 'Сочи', 'Куляб', 'Сочи → Куляб'],
  ] as const)
    expect(await ask(lang, from, to)).toMatchObject({ status: 200, route })
  const free = await ask('ru', 'ВЪЕЗД РАЗРЕШЁН. Душанбе', 'Москва. ДЕЙСТВУЕТ ДО 2029')
  expect([free.status, free.route]).toEqual([422, undefined])
  for (const words of ['Места отправления нет в списке.', 'Места назначения нет в списке.'])
    expect(free.page).toContain(words)
  // What was typed stays, the PIN does not; a country is no place to fly to.
  expect(free.page).toContain('value="ВЪЕЗД РАЗРЕШЁН. Душанбе"')
  expect(free.page).not.toContain(proof.pin)
  for (const [from, to] of [
    ['Душанбе', 'Россия'],
    ['Душанбе', 'Душанбе'],
    ['Душанбе, ВЪЕЗД РАЗРЕШЁН', 'Хаёлистон'],
  ] as const)
    expect((await ask('ru', from, to)).status).toBe(422)
  // Without script the browser proposes them: ours to leave from, theirs to go to.
  const form = await (await site.ask('/tg/entry-check/slip')).text()
  for (const [field, name] of [
    ['from', 'Бохтар'],
    ['to', 'Маскав'],
    ['to', 'Екатеринбург'],
  ])
    expect(form).toMatch(new RegExp(`<datalist id="${field}-options">(?:(?!</datalist>).)*value="${name}"`, 's'))
})

test('a form that is not full says what is missing, never that the slip is false; what was typed stays', async () => {
  const code = await codeFor(await proofOf(site, { ...TRAVELLERS.free, document: 'A66660001' }))
  expect(await shown('', '')).toEqual(['missing'])
  expect(await shown('', 'A66660001')).toEqual(['missing'])
  expect(await shown(code, '')).toEqual(['missing'])
  expect(await shown(code, 'A66660001', [1992, 2, 31])).toEqual(['missing'])
  const form = { code, document: 'A66660001', birth_day: '31', birth_month: '2', birth_year: '1992' }
  const page = await (await site.ask('/en/entry-check/verify', { form })).text()
  for (const typed of [`>${code}<`, 'value="A66660001"', 'value="31"', 'value="1992"']) expect(page).toContain(typed)
})

test('the day of the list is the same on the paper and behind the square code', async () => {
  const proof = await proofOf(site, { ...TRAVELLERS.free, document: 'A66660002' })
  const c = { req: { header: () => 'test' } } as never
  const code = await site.db.transaction().execute(async (db) => {
    const ctx = site.ctx({ db, now })
    const opened = await openAnswer(ctx, c, proof)
    if (typeof opened === 'string') throw new Error(opened)
    const list = { version: 1, on: '2026-11-20T20:30:00Z' }
    return issueSlip(ctx, { ...opened, answer: { ...opened.answer, list } }, 'А → Б', now.add({ hours: 1 }))
  })
  // At home it is half past one of the next day.
  expect(readSlip(Buffer.from(code.split('.')[0]!, 'base64url').toString())!.list_on).toBe('2026-11-21')
})

test('whoever is listed, or must be looked at, gets none; the page does not say why', async () => {
  for (const traveller of [TRAVELLERS.banned, { ...TRAVELLERS.banned, document: 'A99990001' }, TRAVELLERS.controlled]) {
    const response = await make(await proofOf(site, traveller))
    expect(response.status).toBe(422)
    expect(await response.text()).toContain('No slip can be made.')
  }
  expect(
    await site.owner
      .selectFrom('entry_check.slip')
      .selectAll()
      .where('until', '>', NOW.add({ hours: 72 }))
      .execute(),
  ).toEqual([])
})

test('none is made from an old list', async () => {
  const proof = await proofOf(site, { ...TRAVELLERS.free, document: 'A71717171' })
  const lists = await site.owner.selectFrom('imports.import').select(['id', 'created_at']).execute()
  await site.owner
    .updateTable('imports.import')
    .set({ created_at: NOW.subtract({ hours: 15 * 24 }) })
    .execute()
  await site.ask('/en/entry-check', { form: proof })
  await work(site)
  expect((await make(proof)).status).toBe(422)
  for (const { id, created_at } of lists)
    await site.owner.updateTable('imports.import').set({ created_at }).where('id', '=', id).execute()
})

test('a slip is revoked when its holder is found later, and stays so when the measure is lifted; others run on', async () => {
  const [later, other] = [
    { document: 'A55554444', born: [1991, 9, 9], family: 'Баъдина', given: 'Умед' },
    { document: 'A55554445', born: [1993, 4, 4], family: 'Дигаров', given: 'Ҷамшед' },
  ] as const
  const codes = [await codeFor(await proofOf(site, later)), await codeFor(await proofOf(site, other))] as const
  await perform(site, 'entry_check.revoke')
  expect(await verdict(codes[0], later.document, later.born)).toBe('valid')
  const csv =
    '№;ФИО;Д.р.;Паспорт;Мера;Срок запрета\n1;Баъдина Умед;09.09.1991;A55554444;неразрешение въезда;01.06.2029\n'
  const consul = await site.actor('consul')
  const file = { name: 'later.csv', bytes: Buffer.from(csv) }
  await importFile(site.ctx({ db: site.owner, actor: consul }), listImport, file, { source: 'Letter 2' })
  // The answer says so before any job looked at slips: the server says no other.
  await perform(site, 'entry_check.refresh')
  expect(await verdict(codes[0], later.document, later.born)).toBe('revoked')
  expect(await shown(codes[0], later.document, later.born)).toEqual(['revoked'])
  await perform(site, 'entry_check.revoke')
  expect(await verdict(codes[0], later.document, later.born)).toBe('revoked')
  expect(await verdict(codes[1], other.document, other.born)).toBe('valid')
  const page = await (await site.ask('/en/entry-check/verify')).text()
  const id = readSlip(Buffer.from(codes[0].split('.')[0]!, 'base64url').toString())!.id
  expect(page).toContain(`data-revoked="${id}"`)
  await liftMeasure(site, later.document)
  await perform(site, 'entry_check.refresh')
  await perform(site, 'entry_check.revoke')
  expect(await verdict(codes[0], later.document, later.born)).toBe('revoked')
})

test('programs of carriers with an agreement hear that a slip was revoked: its number, once, and nothing else', async () => {
  const { user_id: recorded_by } = await site.actor('platform_administrator')
  const [agreed, ended, none] = await Promise.all(
    (['carrier_agent', 'carrier_desk', 'consul'] as const).map(
      async (role) => (await site.actor(role)).organisation_id,
    ),
  )
  const terms = {
    act: 'No 7',
    act_on: Temporal.PlainDate.from('2026-11-01'),
    per_day: 9,
    recorded_by,
    recorded_at: NOW,
  }
  await site.owner
    .insertInto('entry_check.agreement')
    .values([
      { id: newId(), organisation_id: agreed!, ...terms },
      { id: newId(), organisation_id: ended!, ...terms, ended_at: NOW },
    ])
    .execute()
  for (const organisation_id of [agreed!, ended!, none!])
    await site.owner
      .insertInto('webhooks.subscription')
      .values({
        ...{ id: newId(), organisation_id, url: 'https://hooks.example.org/in', events: [SLIP_REVOKED] },
        ...{ secret: Buffer.alloc(32), created_by: recorded_by, created_at: NOW },
      })
      .execute()
  const traveller = { ...TRAVELLERS.free, document: 'A73737373' }
  const code = await codeFor(await proofOf(site, traveller))
  const id = readSlip(Buffer.from(code.split('.')[0]!, 'base64url').toString())!.id
  const told = () => site.owner.selectFrom('webhooks.message').select(['organisation_id', 'event', 'data']).execute()
  await perform(site, 'entry_check.revoke')
  expect(await told()).toEqual([])
  await site.owner
    .updateTable('entry_check.slip')
    .set({ state: Buffer.alloc(32), looked_at: null, list_version: null })
    .where('id', '=', id)
    .execute()
  await perform(site, 'entry_check.revoke')
  await perform(site, 'entry_check.revoke')
  expect(await told()).toEqual([{ organisation_id: agreed, event: 'entry_check_slip.revoked', data: { slip: id } }])
  await site.owner.deleteFrom('webhooks.message').execute()
  await site.owner.deleteFrom('webhooks.subscription').execute()
})

test('what was found at another desk counts at once, and slips are looked at each minute in which the lists changed', async () => {
  const traveller = { document: 'A55554446', born: [1990, 3, 3], family: 'Нахустзода', given: 'Парвиз' } as const
  const code = await codeFor(await proofOf(site, traveller))
  const looked = () =>
    site.owner.selectFrom('entry_check.slip').select('looked_at').orderBy('id', 'desc').executeTakeFirstOrThrow()
  const minute = async (minutes: number) => {
    await perform(site, 'entry_check.revoke', {}, NOW.add({ minutes }))
    return (await looked()).looked_at
  }
  expect(await minute(0)).toEqual(NOW)
  expect(await minute(1)).toEqual(NOW)
  expect(await minute(5)).toEqual(NOW.add({ minutes: 5 }))
  const csv =
    '№;ФИО;Д.р.;Паспорт;Мера;Срок запрета\n1;Нахустзода Парвиз;03.03.1990;A55554446;неразрешение въезда;01.06.2029\n'
  const ctx = site.ctx({ db: site.owner, actor: await site.actor('consul') })
  await importFile(ctx, listImport, { name: 'desk.csv', bytes: Buffer.from(csv) }, { source: 'Letter 4' })
  await askDesk(site, traveller)
  await work(site, NOW.add({ minutes: 6 }))
  expect(await verdict(code, traveller.document, traveller.born)).toBe('revoked')
  expect(await minute(6)).toEqual(NOW.add({ minutes: 6 }))
  expect(site.platform.parts.flatMap(({ cron = [] }) => cron)).toContainEqual({
    task: 'entry_check.revoke',
    match: '* * * * *',
  })
})

test('a slip runs from the check, not from its making; an answer older than that makes none, and says to ask anew', async () => {
  const traveller = { document: 'A55554447', born: [1989, 12, 1], family: 'Дерина', given: 'Сафар' } as const
  const proof = await proofOf(site, traveller)
  now = NOW.add({ hours: 71 })
  const slip = readSlip(Buffer.from((await codeFor(proof)).split('.')[0]!, 'base64url').toString())!
  expect(slip.until - slip.issued).toBe(72 * 3600)
  expect(slip.until).toBe(NOW.add({ hours: 72 }).epochMilliseconds / 1000)
  now = NOW.add({ hours: 73 })
  const late = await make(proof)
  expect([late.status, textOf(await late.text())]).toEqual([422, expect.stringContaining('Ask again, wait one minute')])
  const answer = textOf(await (await site.ask('/en/entry-check/answer', { form: proof })).text())
  expect(answer).toContain('Ask again, wait one minute')
  expect(answer).not.toContain('Make a slip for a carrier')
  now = NOW
})

test('whoever photographs a slip has to try number and birth date together, and each try takes its time', async () => {
  const [id, other] = ['019ab000-0000-7000-8000-000000000001', '019ab000-0000-7000-8000-000000000002']
  const begun = performance.now()
  const one = await bindingOf(id, 'A77777777', 19920708)
  expect(performance.now() - begun).toBeGreaterThan(50)
  expect(one).toMatch(/^[0-9a-f]{32}$/)
  expect(await bindingOf(id, 'а 77777777', 19920708)).toBe(one)
  for (const [slip, document, birth] of [
    [other, 'A77777777', 19920708],
    [id, 'A77777778', 19920708],
    [id, 'A77777777', 19920807],
  ] as const)
    expect(await bindingOf(slip, document, birth)).not.toBe(one)
})

test('whatever touches its holder revokes a slip: half an agreement, a correction, "not me"; a namesake born otherwise does not', async () => {
  const consul = await site.actor('consul')
  const HEADINGS = '№;ФИО;Д.р.;Паспорт;Мера;Номер решения;Срок запрета'
  const bring = (name: string, row: string) =>
    importFile(
      site.ctx({ db: site.owner, actor: consul }),
      listImport,
      { name, bytes: Buffer.from(`${HEADINGS}\n${row}\n`) },
      { source: 'Letter 9' },
    )
  const slipOf = async (document: string, family: string) => {
    const holder = { document, born: [1994, 6, 5], family, given: 'Сиёвуш' } as const
    const code = await codeFor(await proofOf(site, holder))
    return async () => {
      await perform(site, 'entry_check.revoke')
      return verdict(code, document, holder.born)
    }
  }
  // A new passport ends no ban: the same name and birth date with another document.
  const half = await slipOf('A61000001', 'Камолиён')
  await bring('namesake.csv', '1;Камолиён Сиёвуш;06.05.1995;A61999990;неразрешение въезда;К-1;01.06.2029')
  expect(await half()).toBe('valid')
  await bring('half.csv', '1;Камолиён Сиёвуш;05.06.1994;A61999991;неразрешение въезда;К-2;01.06.2029')
  expect(await half()).toBe('revoked')
  // Nothing in force, so there is a slip; then the list says otherwise.
  await bring('ended.csv', '1;Мирзоиён Сиёвуш;05.06.1994;A61000002;неразрешение въезда;К-3;01.06.2020')
  const corrected = await slipOf('A61000002', 'Мирзоиён')
  expect(await corrected()).toBe('valid')
  await bring('corrected.csv', '1;Мирзоиён Сиёвуш;05.06.1994;A61000002;неразрешение въезда;К-3;01.06.2021')
  expect(await corrected()).toBe('revoked')
  const decided = await slipOf('A61000002', 'Мирзоиён')
  expect(await decided()).toBe('valid')
  await liftMeasure(site, 'A61000002', 'not_me')
  expect(await decided()).toBe('revoked')
})

test('the page says of when its list of revoked slips is, to five minutes, and is the same in between', async () => {
  const at = async (minutes: number) => {
    now = NOW.add({ minutes })
    return (await site.ask('/en/entry-check/verify')).text()
  }
  const page = await at(7)
  expect(page).toContain(`data-made="${NOW.add({ minutes: 5 }).epochMilliseconds / 1000}"`)
  expect(await at(9)).toBe(page)
  expect(await at(10)).not.toBe(page)
  now = NOW
})

test('the public half on the page verifies what the private one signed', async () => {
  const page = await (await site.ask('/en/entry-check/verify')).text()
  const x = /data-key="([\w-]{43})"/.exec(page)![1]!
  const [text, signature] = (await codeFor(await proofOf(site, { ...TRAVELLERS.free, document: 'A66665555' })))
    .split('.')
    .map((part) => Buffer.from(part, 'base64url')) as [Buffer, Buffer]
  const key = { key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' } as const
  expect(verifySignature(null, text, key, signature)).toBe(true)
})
