import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type TestApp, testApp } from '../../../../test/app.ts'
import { NOW } from '../../../../test/database.ts'
import { makeEmployer } from '../../employers/fixtures/office.ts'
import { ABROAD, follow, followEmployer, OFFER, sendOffer } from './fixtures/offer.ts'

let site: TestApp
let now = NOW
beforeAll(async () => {
  site = await testApp({ now: () => now })
  await makeEmployer(site)
})
afterAll(() => site.drop())

const plain = (html: string) => html.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ')
const publicPage = (reference: string) => site.ask(`/en/vacancies/${reference}`)
const page = async (reference: string) => (await site.ask(`/en/work/postings/${reference}`, { as: 'employer' })).text()
const row = (reference: string) =>
  site.owner.selectFrom('vacancies.posting').selectAll().where('reference', '=', reference).executeTakeFirstOrThrow()
const vacancy = (reference: string) =>
  site.owner.selectFrom('vacancies.vacancy').selectAll().where('reference', '=', reference).executeTakeFirst()
const act = (reference: string, name: string) =>
  site.ask(`/en/work/postings/${reference}/act`, { as: 'employer', form: { act: name } })
const save = async (reference: string, change: Record<string, string>, what: 'save' | 'publish' = 'publish') =>
  site.ask(`/en/work/postings/${reference}`, {
    as: 'employer',
    form: { ...OFFER, version: String((await row(reference)).version), ...change, do: what },
  })

describe('an offer', () => {
  let reference: string

  test('is a draft until it is published; then it is an advert like any other, and names who posted it', async () => {
    const sent = await sendOffer(site, OFFER, 'save')
    reference = sent.reference
    expect(sent.response.headers.get('location')).toBe(`/en/work/postings/${reference}?done=saved`)
    await follow(site, reference)
    expect((await publicPage(reference)).status).toBe(404)
    expect((await save(reference, {})).status).toBe(303)
    expect(await page(reference)).toContain('Being published')
    await follow(site, reference)
    const found = plain(await (await publicPage(reference)).text())
    expect(found).toContain('Кафшергар')
    expect(found).toContain('Test Works')
    expect(await vacancy(reference)).toMatchObject({
      state: 'published',
      employer_id: (await site.actor('employer')).organisation_id,
      source: 'employer',
      published_on: Temporal.PlainDate.from('2026-11-21'),
      expires_on: Temporal.PlainDate.from('2027-01-20'),
    })
    expect(plain(await (await site.ask('/en/vacancies?q=welder')).text())).toContain('Кафшергар')
  })

  test('a change is public only when it is published again; what was public is public again when that is undone', async () => {
    await save(reference, { pay_max: '6000' }, 'save')
    await follow(site, reference)
    expect(plain(await page(reference))).toContain('Not everything below is public yet')
    expect(await vacancy(reference)).toMatchObject({ pay_max: 500_000n })
    await save(reference, { pay_max: '6000' })
    await follow(site, reference)
    expect(await vacancy(reference)).toMatchObject({ pay_max: 600_000n })
    expect((await act(reference, 'undo')).status).toBe(303)
    await follow(site, reference)
    expect(await vacancy(reference)).toMatchObject({ state: 'published', pay_max: 500_000n })
    expect((await row(reference)).content).toMatchObject({ pay_max: '6000' })
    expect((await act(reference, 'undo')).status).toBe(409)
  })

  test('closed, its address says so; ten minutes long that can be taken back, and no longer', async () => {
    await act(reference, 'close')
    await follow(site, reference)
    expect((await publicPage(reference)).status).toBe(410)
    await act(reference, 'undo')
    await follow(site, reference)
    expect((await publicPage(reference)).status).toBe(200)
    await act(reference, 'close')
    await act(reference, 'close')
    now = NOW.add({ minutes: 11 })
    expect((await act(reference, 'undo')).status).toBe(409)
    await follow(site, reference, now)
    expect((await publicPage(reference)).status).toBe(410)
    now = NOW
  })

  test('renewed it stands for sixty days more, copied it is a draft of its own', async () => {
    const sent = await sendOffer(site, {
      ...{ ...OFFER, title: 'Пардозгар' },
      ...{ expires_on_day: '30', expires_on_month: '11', expires_on_year: '2026' },
    })
    await follow(site, sent.reference)
    expect(await vacancy(sent.reference)).toMatchObject({ expires_on: Temporal.PlainDate.from('2026-11-30') })
    expect((await act(sent.reference, 'renew')).status).toBe(303)
    await follow(site, sent.reference)
    expect(await vacancy(sent.reference)).toMatchObject({
      state: 'published',
      expires_on: Temporal.PlainDate.from('2027-01-20'),
    })
    const copied = (await act(reference, 'copy')).headers.get('location')!
    const copy = await row(/postings\/([^?]+)/.exec(copied)![1]!)
    expect(copy).toMatchObject({ state: 'draft', published: null })
    expect(copy.content).toMatchObject({ title: 'Кафшергар' })
  })

  test('undoing the first publishing leaves a draft, and nothing was ever public when the job comes later', async () => {
    const sent = await sendOffer(site, { ...OFFER, title: 'Ошпаз' })
    await act(sent.reference, 'undo')
    await follow(site, sent.reference)
    expect(await vacancy(sent.reference)).toBeUndefined()
    expect(await row(sent.reference)).toMatchObject({ state: 'draft' })
    await save(sent.reference, { title: 'Ошпаз' })
    await follow(site, sent.reference)
    expect(await vacancy(sent.reference)).toMatchObject({ state: 'published' })
  })

  test('what the form does not offer, because it came by sheet or program, stays when other words are changed', async () => {
    const came = { ...OFFER, title: 'Пухтупаз', profession: 'Ошпаз', pay_currency: 'BYN' }
    const { reference } = await sendOffer(site, came, 'save')
    const html = await page(reference)
    expect(html).toContain('<input type="hidden" name="profession" value="Ошпаз"/>')
    expect(html).toMatch(/<option value="BYN" selected/)
  })

  test('one button leads: to publish, to see what is public, to renew what is closed; the others stay', async () => {
    const leading = (html: string) =>
      [...html.replace(/^.*<main/s, '').matchAll(/<(?:button|a)[^>]*class="btn"[^>]*>(.*?)<\/(?:button|a)>/gs)].map(
        ([, words]) => plain(words!).trim(),
      )
    const sent = await sendOffer(site, { ...OFFER, title: 'Рангмол' }, 'save')
    expect(leading(await page(sent.reference))).toEqual(['Publish'])
    await save(sent.reference, { title: 'Рангмол' })
    await follow(site, sent.reference)
    const shown = await page(sent.reference)
    expect(leading(shown)).toEqual(['See the public page'])
    for (const act of ['close', 'renew', 'copy']) expect(shown).toContain(`name="act" value="${act}"`)
    await save(sent.reference, { title: 'Рангмоли хона' }, 'save')
    expect(leading(await page(sent.reference))).toEqual(['Publish the changes'])
    await act(sent.reference, 'close')
    await follow(site, sent.reference)
    expect(leading(await page(sent.reference))).toEqual(['Still valid: 60 days more'])
  })

  test('a part that may be left out is folded until something of it is written', async () => {
    const { reference } = await sendOffer(site, { ...OFFER, title: 'Боғдор', schedule: '5/2' }, 'save')
    const folds = [...(await page(reference)).matchAll(/<details class="more"( open="")?><summary>.*?<\/details>/gs)]
    expect(folds.filter(([, open]) => open).map(([text]) => /name="(\w+)"/.exec(text)![1])).toEqual(['schedule'])
    expect(folds.some(([text]) => text.includes('name="requirements"'))).toBe(true)
  })

  test('two who write at once both see both values, and nothing is lost', async () => {
    const stale = (await row(reference)).version
    expect((await save(reference, { hours: '8–17' }, 'save')).status).toBe(303)
    const second = await save(reference, { hours: '9–18', version: String(stale) }, 'save')
    expect(second.status).toBe(409)
    const html = await second.text()
    expect(plain(html)).toContain('Saved by somebody else: 8–17')
    expect(html).toContain('value="9–18"')
    expect((await row(reference)).content).toMatchObject({ hours: '8–17' })
    const draft = (version: number) =>
      site.ask(`/en/work/postings/${reference}/draft`, {
        as: 'employer',
        form: { ...OFFER, hours: '9–18', version: String(version) },
      })
    expect((await draft(stale)).status).toBe(409)
    const kept = await draft((await row(reference)).version)
    expect(await kept.json()).toMatchObject({ version: (await row(reference)).version })
  })
})

describe('fair recruitment', () => {
  const errorAt = async (offer: Record<string, string>, column: string) => {
    const { response, reference } = await sendOffer(site, offer)
    expect(response.status).toBe(422)
    expect(await row(reference)).toMatchObject({ state: 'draft' })
    const html = await response.text()
    return plain(new RegExp(`id="${column}-error"[^>]*>(.*?)</p>`, 's').exec(html)?.[1] ?? '').trim()
  }

  test.each(['fee', 'deposit', 'deduction'])(
    'a %s taken from the worker is blocked, and the field says why',
    async (takes) => {
      expect(await errorAt({ ...ABROAD, takes }, 'takes')).toContain('Workers never pay for a job')
    },
  )

  test.each([
    ['conditions', 'Стоимость оформления документов 15000 рублей оплачивает работник.'],
    ['requirements', 'Барои ба кор гирифтан хаки хизмат 300 сомони.'],
    ['duties', 'Registration fee of 200 dollars is payable by the worker before departure.'],
    ['conditions', 'За форму удерживаем 5000 из зарплаты.'],
  ])('so are words in %s that ask for money: %s', async (column, words) => {
    const said = await errorAt({ ...ABROAD, [column]: words }, column)
    expect(said).toContain('Workers never pay for a job')
    expect(said).toContain(words.slice(0, 12))
  })

  test('who pays what is stated for work abroad; at home it need not be', async () => {
    const { pays_travel: _, ...silent } = ABROAD
    expect(await errorAt(silent, 'pays_travel')).toContain('Choose who pays')
    // Also while something else is missing, so that it is put right in one go; and the summary says who pays for what.
    const { duties: __, ...worse } = silent
    expect(await errorAt({ ...worse, takes: 'fee' }, 'pays_travel')).toContain('Choose who pays')
    const { response } = await sendOffer(site, { ...worse, takes: 'fee' })
    const links = [...(await response.text()).matchAll(/<li><a href="#(\w+)">(.*?)<\/a>/g)]
    expect(links.map(([, id]) => id)).toEqual(['duties', 'takes', 'pays_travel'])
    expect(links[2]![2]).toContain('Travel there and back: Choose who pays')
    expect((await sendOffer(site, { ...OFFER, title: 'Дӯзанда' })).response.status).toBe(303)
  })

  test('the patent that only the worker may pay holds nothing, and stands with its dated amount', async () => {
    const { response, reference } = await sendOffer(site, ABROAD)
    expect(response.status).toBe(303)
    await follow(site, reference)
    const found = plain(await (await publicPage(reference)).text())
    expect(found).toMatch(/By law: .*a month for the patent, since 1 January 2026/)
  })

  test('related costs put on the worker hold the advert; its employer is told the field, officers everything', async () => {
    const { reference } = await sendOffer(site, {
      ...ABROAD,
      title: 'Маляр',
      pays_travel: 'worker',
      pays_medical: 'worker',
    })
    await follow(site, reference)
    expect(await vacancy(reference)).toMatchObject({ state: 'held' })
    expect((await publicPage(reference)).status).toBe(404)
    const own = await page(reference)
    expect(own).toContain('href="#pays_travel"')
    expect(own).toContain('href="#pays_medical"')
    expect(plain(own)).not.toMatch(/weight|Costs are put/)
    const officer = await (await site.ask(`/en/work/vacancies/review/${reference}`, { as: 'vacancy_officer' })).text()
    expect(plain(officer)).toContain('Costs are put on the worker')
    // Put right, it waits for the officer still; refused and put right again, too.
    await save(reference, { ...ABROAD, title: 'Маляр' })
    await follow(site, reference)
    expect(await vacancy(reference)).toMatchObject({ state: 'held' })
    const decide = (decision: string) =>
      site.ask(`/en/work/vacancies/review/${reference}`, { as: 'vacancy_officer', form: { decision } })
    await decide('reject')
    expect(plain(await page(reference))).toContain('It is not shown')
    await save(reference, { ...ABROAD, title: 'Маляр', hours: '8–17' })
    await follow(site, reference)
    expect(await vacancy(reference)).toMatchObject({ state: 'held' })
    await decide('publish')
    expect((await publicPage(reference)).status).toBe(200)
  })

  test('an agency sends nobody abroad without a valid licence', async () => {
    const { organisation_id } = await site.actor('employer')
    const set = (values: object) =>
      site.owner.updateTable('employers.employer').set(values).where('organisation_id', '=', organisation_id).execute()
    await set({ kind: 'agency', licence_no: '1', licence_until: '2026-11-20' })
    expect(await errorAt({ ...ABROAD, title: 'Монтажник' }, 'country')).toContain('valid licence')
    await set({ licence_until: '2026-11-21' })
    expect((await sendOffer(site, { ...ABROAD, title: 'Монтажник' })).response.status).toBe(303)
    await set({ kind: 'employer' })
  })
})

test('what a suspended employer offers is hidden, and shown again when it is admitted again', async () => {
  const { reference } = await sendOffer(site, { ...OFFER, title: 'Ронанда' })
  await follow(site, reference)
  const { organisation_id } = await site.actor('employer')
  const stand = (state: string) =>
    site.owner.updateTable('employers.employer').set({ state }).where('organisation_id', '=', organisation_id).execute()
  for (const state of ['suspended', 'refused']) {
    await stand(state)
    await followEmployer(site)
    expect((await publicPage(reference)).status).toBe(410)
    expect((await sendOffer(site, OFFER)).response.status).toBe(403)
  }
  await stand('verified')
  await followEmployer(site)
  expect((await publicPage(reference)).status).toBe(200)
})

test('nobody sees or changes what another organisation writes', async () => {
  const { reference } = await sendOffer(site, { ...OFFER, title: 'Боғбон' }, 'save')
  await site.owner
    .updateTable('vacancies.posting')
    .set({ employer_id: (await site.actor('adviser')).organisation_id })
    .where('reference', '=', reference)
    .execute()
  expect((await site.ask(`/en/work/postings/${reference}`, { as: 'employer' })).status).toBe(404)
  expect((await save(reference, {}, 'save').catch(() => null))?.status).toBe(404)
  expect(await (await site.ask('/en/work/postings', { as: 'employer' })).text()).not.toContain('Боғбон')
})
