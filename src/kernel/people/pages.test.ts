import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type TestApp, testApp } from '../../../test/app.ts'
import { bringPeople, type RegistryName } from '../../../test/people.ts'
import { withActor } from '../access/transaction.ts'
import { mergePersons, splitRecord, takeBack } from './identity.ts'
import { mayRelay } from './protection.ts'
import { openSource, receiveRecords } from './receive.ts'

let app: TestApp
let known: Record<RegistryName, string>
beforeAll(async () => {
  app = await testApp()
  known = await bringPeople(app)
})
afterAll(() => app?.drop())

const AS = { as: 'registry_officer' as const }
const get = async (path: string) => {
  const response = await app.ask(path, AS)
  return { status: response.status, location: response.headers.get('location'), text: await response.text() }
}
const post = async (path: string, form: Record<string, string>) => {
  const response = await app.ask(path, { ...AS, form })
  return { status: response.status, location: response.headers.get('location'), text: await response.text() }
}
/** Somebody of this office at whom nobody has looked. */
async function unseenPerson(whole = 'Намунаева Нигина'): Promise<string> {
  const { organisation_id: custodian } = await app.actor('registry_officer')
  const person_id = await app.owner.transaction().execute(async (db) => {
    const ctx = app.ctx({ db, actor: { kind: 'system', task: 'test' } })
    const source = await openSource(ctx, { custodian, kind: 'form', label: 'П-2026-0413' })
    const [receipt] = await receiveRecords(ctx, source, [
      { names: [{ whole }], birth: 19990403, sex: 'female', documents: [], adverse: false },
    ])
    return receipt!.person_id
  })
  const { reference } = await app.owner
    .selectFrom('people.person')
    .select('reference')
    .where('id', '=', person_id)
    .executeTakeFirstOrThrow()
  return reference
}
const looks = async () =>
  (await app.owner.selectFrom('people.look').select('what').where('of', 'is', null).orderBy('id').execute()).map(
    ({ what }) => what,
  )

test('a search says what is missing, and keeps names out of addresses and titles', async () => {
  const nothing = await post('/en/work/people', {})
  expect(nothing.status).toBe(422)
  expect(nothing.text).toContain('Say what it is for.')
  expect((await post('/en/work/people', { purpose: 'help' })).text).toContain(
    'Write a name, a whole birth date or a document.',
  )
  expect(
    (await post('/en/work/people', { birth_day: '31', birth_month: '13', birth_year: '1990', purpose: 'help' })).status,
  ).toBe(422)
  // Many are born on 1 January by their papers: it says no more than the year.
  for (const [birth_day, birth_month] of [
    ['1', '1'],
    ['', '5'],
  ] as const) {
    const alone = await post('/en/work/people', { birth_day, birth_month, birth_year: '1990', purpose: 'help' })
    expect([alone.status, alone.text]).toEqual([422, expect.stringContaining('1 January')])
  }
  const { status, location } = await post('/en/work/people', { name: 'safarov baxtiyor', purpose: 'help' })
  expect([status, location]).toEqual([303, expect.stringMatching(/^\/en\/work\/people\?lookup=[0-9a-f-]{36}$/)])
  const list = await get(location!)
  expect(list.text).toContain('Сафарзода Бахтиёр Карим')
  expect(/<title>(.*?)<\/title>/.exec(list.text)![1]).not.toMatch(/Сафар/)
  const person = await get(`/en/work/people/${known.found}`)
  expect(/<title>(.*?)<\/title>/.exec(person.text)![1]).not.toMatch(/Сафар/)
})

test('whoever comes without a search says why before anything is shown', async () => {
  const path = `/en/work/people/${known.unasked}`
  const asked = await get(path)
  expect(asked.text).toContain('Why do you open this person?')
  expect(asked.text).not.toContain('Моҳинисо')
  expect((await get(`${path}/log`)).location).toBe(path)
  expect((await post(`${path}/numbers`, {})).location).toBe(path)
  expect((await post(path, { purpose: 'nothing' })).status).toBe(422)
  expect(await post(path, { purpose: 'complaint', words: 'Letter 7' })).toMatchObject({ status: 303, location: path })
  expect((await get(path)).text).toContain('Моҳинисо')
})

test('a year alone is too little to ask by: it is said, what was typed stays, and nothing is asked', async () => {
  const asked = async () =>
    Number(
      (
        await app.owner
          .selectFrom('people.lookup')
          .select((e) => e.fn.countAll().as('n'))
          .executeTakeFirstOrThrow()
      ).n,
    )
  const before = await asked()
  for (const month of ['', '4']) {
    const { status, text } = await post('/en/work/people', {
      ...{ birth_month: month, birth_year: '1991', purpose: 'complaint', words: 'Letter 7' },
    })
    expect(status).toBe(422)
    expect(text).toContain('The year alone is too little.')
    expect(text).not.toContain('Nobody was found')
    for (const kept of ['value="1991"', 'value="Letter 7"']) expect(text).toContain(kept)
    expect(text).toMatch(/<option value="complaint" selected/)
  }
  expect(await asked()).toBe(before)
  const whole = { birth_day: '12', birth_month: '4', birth_year: '1991', purpose: 'help' }
  expect((await get((await post('/en/work/people', whole)).location!)).text).toContain('Сафарзода Бахтиёр Карим')
  expect((await post('/en/work/people', { birth_year: '1991', name: 'сафаров', purpose: 'help' })).status).toBe(303)
})

test('the general search box names nobody: it leads to the form of the registry, filled in, where one says why', async () => {
  const before = (await looks()).length
  const line = 'сафаров бахтиёр 12.04.1991 A50129038'
  const { text } = await get(`/en/work/find?q=${encodeURIComponent(line)}`)
  expect(text).not.toContain(known.found)
  expect(text).not.toContain('Сафарзода')
  expect((await looks()).length).toBe(before)
  const section = /<section [^>]*id="people".*?<\/section>/s.exec(text)![0]
  const fields = Object.fromEntries(
    [...section.matchAll(/<input type="hidden" name="(\w+)" value="([^"]*)"/g)].map(([, name, value]) => [
      name!,
      value!,
    ]),
  )
  expect(fields).toMatchObject({
    ...{ name: 'сафаров бахтиёр', birth_day: '12', birth_month: '4', birth_year: '1991', document: 'A50129038' },
  })
  const form = await post(/action="([^"]+)"/.exec(section)![1]!, fields)
  expect(form.status).toBe(200)
  for (const value of ['сафаров бахтиёр', '12', '4', '1991', 'A50129038'])
    expect(form.text).toContain(`value="${value}"`)
  expect(form.text).not.toContain('Say what it is for.')
  expect((await looks()).length).toBe(before)
})

test('a comparison stands in the log of whoever was shown, not of whom the record was counted with before', async () => {
  const { id, other_id, other_record_id } = await app.owner
    .selectFrom('people.review')
    .select(['id', 'other_id', 'other_record_id'])
    .where('settled_at', 'is', null)
    .executeTakeFirstOrThrow()
  const actor = await app.actor('registry_officer')
  const beside = await app.owner
    .selectFrom('people.person')
    .select('id')
    .where('reference', '=', await unseenPerson('Айниддинова Шукрона'))
    .executeTakeFirstOrThrow()
  const system = app.ctx({ db: app.owner, actor: { kind: 'system', task: 'test' } })
  const joined = await mergePersons(system, beside.id, other_id, { reason: 'officer' })
  const { person_id, event_id } = await withActor(app.db, actor, (db) =>
    splitRecord(app.ctx({ actor, db }), other_record_id),
  )
  const compared = () =>
    app.owner
      .selectFrom('people.look')
      .select('id')
      .where('person_id', '=', person_id)
      .where('what', '=', 'compared')
      .execute()
  const before = (await compared()).length
  await get(`/en/work/people/review/${id}`)
  expect((await compared()).length).toBe(before + 1)
  await withActor(app.db, actor, (db) => takeBack(app.ctx({ actor, db }), event_id))
  await takeBack(system, joined)
})

test('a reference in the general search box leaves the same traces as a search, and its purpose opens nobody', async () => {
  const unseen = await unseenPerson()
  const { text } = await get(`/en/work/find?q=${unseen.toLowerCase().replaceAll('-', ' ')}`)
  expect(text).toContain(`/en/work/people/${unseen}`)
  const traces = await app.owner
    .selectFrom('people.look as k')
    .innerJoin('people.lookup as l', 'l.id', 'k.lookup_id')
    .innerJoin('people.person as p', 'p.id', 'k.person_id')
    .select(['l.id', 'l.purpose', 'l.asked', 'l.shown', 'l.organisation_id', 'k.what'])
    .where('p.reference', '=', unseen)
    .execute()
  expect(traces).toEqual([
    {
      ...{ id: traces[0]?.id, purpose: 'find', asked: ['reference'], shown: 1, what: 'found' },
      organisation_id: (await app.actor('registry_officer')).organisation_id,
    },
  ])
  const audited = await app.owner
    .selectFrom('audit.entry')
    .select(['action', 'details'])
    .where('subject_id', '=', traces[0]!.id)
    .execute()
  expect(audited).toEqual([{ action: 'person.search', details: { purpose: 'find', candidates: 1 } }])
  expect((await get(`/en/work/people/${unseen}`)).text).toContain('Why do you open this person?')
})

test('numbers are masked until they are asked for, which stands in both logs; the log names offices', async () => {
  const path = `/en/work/people/${known.found}`
  const masked = (await get(path)).text
  expect(masked).toContain('•••• 9038')
  expect(masked).not.toMatch(/A50129038|0001234|бегоҳ/)
  const before = await looks()
  const shown = (await post(`${path}/numbers`, {})).text
  for (const number of ['A50129038', '+992000001234', 'бегоҳ']) expect(shown).toContain(number)
  expect((await looks()).slice(before.length)).toEqual(['numbers'])
  const lines = await app.owner
    .selectFrom('audit.entry')
    .select('details')
    .where('action', '=', 'person.show_numbers')
    .execute()
  expect(lines).toHaveLength(1)
  const log = (await get(`${path}/log`)).text
  expect(log).toContain('Office of registry_officer')
  expect(log).not.toContain('Test registry_officer, ')
  for (const what of ['stood in a list of results', 'page opened', 'numbers shown in full']) expect(log).toContain(what)
  // On paper it says whose it is, which office printed it and when, and where to complain.
  const sheet = /<main.*<\/main>/s
    .exec(log)![0]
    .replace(/<p class="crumb".*?<\/p>/s, '')
    .replace(/<[^>]+>|\s+/g, ' ')
  for (const part of [
    'Сафарзода Бахтиёр Карим',
    '12.04.1991',
    known.found,
    'Issued',
    'Office of registry_officer, 21 November 2026',
    'Commissioner for Human Rights',
  ])
    expect(sheet).toContain(part)
})

test('a pair stands side by side, differences marked, and the look is kept for both', async () => {
  const before = (await looks()).length
  const { text } = await get(`/en/work/people/review/${known.pair}`)
  expect(text).toContain('Сафар<mark>ов</mark>')
  expect(text).toContain('Сафар<mark>зода</mark>')
  expect(text).toContain('two officers confirm it')
  expect(text).toContain('Row of the list')
  expect(text).not.toContain('An officer proposed')
  for (const key of ['1', '2', '3']) expect(text).toContain(`aria-keyshortcuts="${key}"`)
  expect((await looks()).slice(before)).toEqual(['compared', 'compared'])
})

test('two persons merged by an officer are one address, and two again after it is taken back', async () => {
  const path = `/en/work/people/${known.found}`
  const other = known.unasked
  const refused = await post(`${path}/acts`, { act: 'merge', other })
  expect(refused.status).toBe(422)
  expect(refused.text).toContain('two officers must compare the two')
  const idOf = async (reference: string) =>
    (
      await app.owner
        .selectFrom('people.person')
        .select('id')
        .where('reference', '=', reference)
        .executeTakeFirstOrThrow()
    ).id
  const { organisation_id } = await app.actor('registry_officer')
  await sql`
    select people.merge_as(gen_random_uuid(), ${await idOf(other)}, ${await idOf(known.found)}, ${app.ctx().now}, null, null,
      ${organisation_id}, 'officer', null, '[]', null)`.execute(app.owner)
  expect((await get(`/en/work/people/${other}`)).location).toBe(path)
  const page = (await get(path)).text
  expect(page).toContain('Моҳинисо')
  const event = /name="event" value="([0-9a-f-]{36})"/.exec(page)![1]!
  expect((await post(`${path}/acts`, { act: 'take_back', event })).status).toBe(303)
  expect((await get(path)).text).not.toContain('Моҳинисо')
  const again = await post(`${path}/acts`, { act: 'take_back', event })
  expect(again.status).toBe(409)
  expect(again.text).toContain(`href="${path}"`)
  expect((await post(`${path}/acts`, { act: 'split' })).status).toBe(400)
})

test('other parts show their panels to whoever may see them', async () => {
  const panel = (permission: string, text: string) => ({ permission, title: 'people.names', render: async () => text })
  const part = {
    name: 'panels',
    personPanels: [panel('person.read', 'A panel for officers'), panel('user.administer', 'A panel for others')],
  }
  const { parts } = app.platform
  Object.assign(app.platform, { parts: [...parts, part] })
  const { text } = await get(`/en/work/people/${known.found}`)
  Object.assign(app.platform, { parts })
  expect(text).toContain('A panel for officers')
  expect(text).not.toContain('A panel for others')
})

test('a wrong reference is said in the form, with what was typed; nobody is found by trying', async () => {
  const path = `/en/work/people/${known.found}`
  for (const act of ['merge', 'propose']) {
    for (const other of ['ABCD-EFGH', 'K7QF-92MX-22"'] as const) {
      const { status, text } = await post(`${path}/acts`, { act, other })
      expect(status).toBe(422)
      expect(text).toContain('You can see nobody with this reference.')
      expect(text).toContain(`value="${other.replace('"', '&quot;')}"`)
      // Open, and where the summary leads to.
      expect(text).toMatch(/<details class="more" open="">(?:(?!<\/details>).)*id="other"/s)
    }
    expect((await post(`${path}/acts`, { act })).text).toContain('Write the reference of the other person.')
    expect((await post(`${path}/acts`, { act, other: known.found })).text).toContain('These are one person already.')
  }
})

test('what takes two officers is offered to the queue instead of refused; the pair waits there once', async () => {
  const path = `/en/work/people/${known.found}`
  const review = () =>
    app.owner
      .selectFrom('people.review')
      .select(['id', 'adverse', 'state'])
      .orderBy('id', 'desc')
      .executeTakeFirstOrThrow()
  const ban = await banNamed('Ҷалилова', 'Зарина')
  const refused = await post(`${path}/acts`, { act: 'merge', other: ban })
  expect(refused.status).toBe(422)
  expect(refused.text).toContain('A record of theirs can harm: two officers must compare the two.')
  expect(refused.text).toContain(`value="${ban}"`)
  expect(refused.text).toContain('name="act" value="propose"')
  const before = await looks()
  const proposed = await post(`${path}/acts`, { act: 'propose', other: ban.toLowerCase() })
  const { id, ...made } = await review()
  expect(made).toEqual({ adverse: true, state: 'open' })
  expect(proposed).toMatchObject({ status: 303, location: `${path}?proposed=${id}` })
  expect(await looks()).toEqual(before)
  const page = (await get(proposed.location!)).text
  expect(page).toContain('The pair waits in the queue.')
  expect(page).toContain(`href="/en/work/people/review/${id}"`)
  expect((await get('/en/work/people/review')).text).toContain(id)
  const pair = (await get(`/en/work/people/review/${id}`)).text
  expect(pair).toContain('Ҷалилова')
  // Neither side came in with a list just now.
  expect(pair).not.toContain('Row of the list')
  expect(pair).toContain('An officer proposed this pair.')
  // From the other side, too.
  await post(`/en/work/people/${ban}`, { purpose: 'correction' })
  const again = await post(`/en/work/people/${ban}/acts`, { act: 'propose', other: known.found })
  expect(again.location).toBe(`/en/work/people/${ban}?waits=${id}`)
  expect((await get(again.location!)).text).toContain('This pair waits in the queue already.')
  // Different by the queue: remembered here as well.
  // Decided by whoever saw the pair as it is now: not where a record came to one of the two after it was opened.
  const shown = /name="shown" value="([^"]+)"/.exec(pair)![1]!
  const { organisation_id: custodian } = await app.actor('registry_officer')
  const added = await app.owner.transaction().execute(async (db) => {
    const ctx = app.ctx({ db, actor: { kind: 'system', task: 'test' } })
    const source = await openSource(ctx, { custodian, kind: 'file', label: 'П-2026-0501' })
    const nothing = { names: [], birth: null, sex: null, documents: [], adverse: false }
    const [receipt] = await receiveRecords(ctx, source, [nothing])
    const { id: banned } = await db
      .selectFrom('people.person')
      .select('id')
      .where('reference', '=', ban)
      .executeTakeFirstOrThrow()
    return mergePersons(ctx, receipt!.person_id, banned, { reason: 'officer' })
  })
  const late = await post(`/en/work/people/review/${id}`, { decision: 'different', shown })
  expect([late.status, late.text.includes('Nothing was decided: look at the pair again.')]).toEqual([409, true])
  expect(late.text).toContain(`href="/en/work/people/review/${id}"`)
  await takeBack(app.ctx({ db: app.owner, actor: { kind: 'system', task: 'test' } }), added)
  expect((await post(`/en/work/people/review/${id}`, { decision: 'different', shown })).status).toBe(303)
  for (const act of ['merge', 'propose']) {
    const apart = await post(`${path}/acts`, { act, other: ban })
    expect([apart.status, apart.text.includes('Somebody found that these are different people.')]).toEqual([422, true])
  }
})

test('nobody is protected as what stood first in a list: it is chosen', async () => {
  const path = `/en/work/people/${known.found}`
  expect((await get(path)).text).not.toMatch(/name="flag"[^>]*checked|<option[^>]*asylum_seeker/)
  const { status, text } = await post(`${path}/acts`, { act: 'protect' })
  expect([status, text.includes('Choose who this person is.')]).toEqual([422, true])
  const { count } = await app.owner
    .selectFrom('people.protection')
    .select((e) => e.fn.countAll<bigint>().as('count'))
    .executeTakeFirstOrThrow()
  expect(Number(count)).toBe(0)
})

test('a protection does not end by a single click', async () => {
  const reference = await unseenPerson()
  const path = `/en/work/people/${reference}`
  await post(path, { purpose: 'help' })
  const flags = () =>
    app.owner
      .selectFrom('people.protection as p')
      .innerJoin('people.person as w', 'w.id', 'p.person_id')
      .select('flag')
      .where('w.reference', '=', reference)
      .where('until', 'is', null)
      .orderBy('flag')
      .execute()
  for (const flag of ['victim', 'child'])
    expect((await post(`${path}/acts`, { act: 'protect', flag })).status).toBe(303)
  const refused = await post(`${path}/acts`, { act: 'unprotect', flag: 'child' })
  expect(refused.status).toBe(422)
  // Beside the one that was meant, and the summary leads there.
  expect(refused.text.match(/id="sure-\w+-error"/g)).toEqual(['id="sure-child-error"'])
  expect(refused.text).toContain('<a href="#sure-child">Say that you have made sure')
  expect(refused.text.match(/<details class="more" open="">/g)).toHaveLength(1)
  expect(await flags()).toEqual([{ flag: 'child' }, { flag: 'victim' }])
  for (const [form] of refused.text.matchAll(/<form(?:(?!<\/form>).)*value="unprotect".*?<\/form>/gs)) {
    const [, flag, shown] = /name="flag" value="(\w+)".*name="shown" value="([^"]+)"/s.exec(form)!
    const ended = await post(`${path}/acts`, { act: 'unprotect', flag: flag!, shown: shown!, sure: 'yes' })
    expect(ended.status).toBe(303)
  }
  expect(await flags()).toEqual([])
})

test('nor does it end for somebody who was joined since the page was opened: the flag is theirs, too', async () => {
  const [reference, other] = [await unseenPerson(), await unseenPerson()]
  const path = `/en/work/people/${reference}`
  for (const one of [reference, other]) {
    await post(`/en/work/people/${one}`, { purpose: 'help' })
    expect((await post(`/en/work/people/${one}/acts`, { act: 'protect', flag: 'victim' })).status).toBe(303)
  }
  const shownOn = (page: { text: string }) =>
    Array.from(page.text.matchAll(/name="shown" value="([^"]+)"/g), ([, one]) => one!)
  const opened = shownOn(await get(path))
  const idOf = async (of: string) =>
    (await app.owner.selectFrom('people.person').select('id').where('reference', '=', of).executeTakeFirstOrThrow()).id
  const system = app.ctx({ db: app.owner, actor: { kind: 'system', task: 'test' } })
  await mergePersons(system, await idOf(other), await idOf(reference), { reason: 'officer' })
  const act = { act: 'unprotect', flag: 'victim', sure: 'yes' }
  const late = await post(`${path}/acts`, { ...act, shown: opened[0]! })
  expect([late.status, late.text]).toEqual([422, expect.stringContaining('somebody else was joined to this person')])
  expect(await mayRelay(system, await idOf(other), 'security')).toBe(false)
  // Both bear it, and the page says it once.
  expect(shownOn(late)).toHaveLength(1)
  expect((await post(`${path}/acts`, { ...act, shown: shownOn(late)[0]! })).status).toBe(303)
  expect(await mayRelay(system, await idOf(other), 'security')).toBe(true)
})

test('whoever was on the page is protected, also where somebody has parted them since', async () => {
  const [reference, other] = [await unseenPerson('Намунаева Гулчеҳра'), await unseenPerson('Озмунова Саодат')]
  const path = `/en/work/people/${reference}`
  const idOf = async (of: string) =>
    (await app.owner.selectFrom('people.person').select('id').where('reference', '=', of).executeTakeFirstOrThrow()).id
  const [one, two] = [await idOf(reference), await idOf(other)]
  const system = app.ctx({ db: app.owner, actor: { kind: 'system', task: 'test' } })
  const event = await mergePersons(system, two, one, { reason: 'officer' })
  await post(path, { purpose: 'help' })
  const records = /name="records" value="([^"]+)"/.exec((await get(path)).text)?.[1] ?? ''
  await takeBack(system, event)
  expect((await post(`${path}/acts`, { act: 'protect', flag: 'victim', records })).status).toBe(303)
  expect([await mayRelay(system, one, 'security'), await mayRelay(system, two, 'security')]).toEqual([false, false])
  const { status } = await post(`${path}/acts`, { act: 'protect', flag: 'victim', records: 'none' })
  expect(status).toBe(303)
})

test('after a decision the page opens at its message, where a key takes it back', async () => {
  const path = `/en/work/people/review/${known.pair}`
  const before = (await get(path)).text
  expect(before).not.toMatch(/aria-keyshortcuts="0"|autofocus/)
  const { location } = await post(path, {
    decision: 'unclear',
    shown: /name="shown" value="([^"]+)"/.exec(before)![1]!,
  })
  const decided = (await get(location!)).text
  expect(decided).toMatch(/<div class="note ok" role="status" tabindex="-1" autofocus="">/)
  expect(decided).toMatch(/<button[^>]*aria-keyshortcuts="0"[^>]*>.*?Undo<kbd aria-hidden="true">0<\/kbd>/)
  const last = /name="last" value="([^"]+)"/.exec(decided)![1]!
  const undone = (await get((await post(`${path}/undo`, { last })).location!)).text
  expect(undone).toMatch(
    /<div class="note ok" role="status" tabindex="-1" autofocus="">.*?The decision is taken back\./s,
  )
  expect((await post(`${path}/undo`, { last })).status).toBe(409)
  // The key took back one decision, not whatever was decided before.
  expect(undone).not.toContain('aria-keyshortcuts="0"')
})

/** A ban on somebody whom nobody here is like. */
async function banNamed(family: string, given: string): Promise<string> {
  const { organisation_id: custodian } = await app.actor('registry_officer')
  const [receipt] = await app.owner.transaction().execute(async (db) => {
    const ctx = app.ctx({ db, actor: { kind: 'system', task: 'test' } })
    const source = await openSource(ctx, { custodian, kind: 'file', label: 'П-2026-0500' })
    return receiveRecords(ctx, source, [
      { names: [{ family, given }], birth: 19550505, sex: 'female', documents: [], adverse: true },
    ])
  })
  const { reference } = await app.owner
    .selectFrom('people.person')
    .select('reference')
    .where('id', '=', receipt!.person_id)
    .executeTakeFirstOrThrow()
  return reference
}
