import { afterAll, beforeAll, expect, test } from 'vitest'
import { type TestApp, testApp } from '../../../test/app.ts'
import { actInCase, apply, bringOffer, openCase } from '../../../test/hiring.ts'
import { makeEmployer } from '../employers/fixtures/office.ts'

let site: TestApp
let vacancy: string
beforeAll(async () => {
  site = await testApp()
  await makeEmployer(site)
  vacancy = await bringOffer(site, 'welder')
})
afterAll(() => site?.drop())

test('My case begins with the ten newest applications, and leads to each earlier one once', async () => {
  const proof = await apply(site, vacancy)
  for (let i = 1; i <= 21; i++) {
    const other = await bringOffer(site, `offer ${i}`, { title: `Корфармо ${String(i).padStart(2, '0')}` })
    await actInCase(site, proof, 'apply', { vacancy: other })
  }
  const cards = (page: string) =>
    [...page.matchAll(/<h3[^>]*>\s*<a href="[^"]*\/vacancies\/([^"]+)"/g)].map(([, of]) => of!)
  const seen: string[] = []
  let { page } = await openCase(site, proof)
  for (let pages = 1; ; pages++) {
    const [, after] = /name="after" value="([^"]+)"/.exec(page) ?? []
    const all = cards(page)
    seen.push(...(pages === 1 ? all.slice(0, 10) : all))
    if (!after) break
    page = await actInCase(site, proof, 'earlier-applications', { after })
    expect(pages).toBeLessThan(4)
  }
  expect(seen).toHaveLength(22)
  expect(new Set(seen).size).toBe(22)
  // Who ends everything ends the earlier ones too, that no page showed.
  const standing = () =>
    site.owner.selectFrom('applications.application').select('id').where('state', '<>', 'withdrawn').execute()
  await actInCase(site, proof, 'applications', { act: 'end' })
  expect(await standing()).toEqual([])
  // Another's reference leads nowhere, and nothing of theirs is shown.
  const other = await apply(site, vacancy)
  const strange = await actInCase(site, other, 'earlier-applications', { after: seen[0]! })
  expect(cards(strange)).not.toContain(seen[1])
}, 120_000)

test('candidates are leafed through, and counted whole', async () => {
  for (let i = 0; i < 60; i++) await apply(site, vacancy, { findable: 'yes', trade: 'сварщик' })
  const page = async (from: string) =>
    (await site.ask(`/en/work/candidates?vacancy=${vacancy}${from}`, { as: 'employer' })).text()
  const ids = (text: string) => [...text.matchAll(/name="candidate" value="([^"]+)"/g)].map(([, id]) => id!)
  const pages = [await page(''), await page('&from=26'), await page('&from=51')]
  for (const text of pages) expect(text).toContain('60 candidates')
  expect(pages.map((text) => ids(text).length)).toEqual([25, 25, 10])
  expect(new Set(pages.flatMap(ids)).size).toBe(60)
  expect(pages[0]).toContain('from=26"')
  expect(pages[2]).not.toContain('from=76')
  expect(ids(await page('&from=nonsense'))).toEqual(ids(pages[0]!))
}, 120_000)
