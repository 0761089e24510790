import { afterAll, beforeAll, expect, test } from 'vitest'
import { type TestApp, testApp } from '../../../test/app.ts'
import { NOW } from '../../../test/database.ts'
import { defineModule, type WorkItem } from '../module.ts'

let site: TestApp
let dues: (Temporal.Instant | null)[] = []
beforeAll(async () => {
  site = await testApp()
  const item = (due: Temporal.Instant | null, i: number): WorkItem => ({
    icon: 'work',
    title: `Task ${i}`,
    why: 'Because',
    href: '/work',
    action: 'Do',
    due,
  })
  const part = defineModule({ name: 'chores', workItems: async () => dues.map(item) })
  Object.assign(site.platform, { parts: [...site.platform.parts, part] })
})
afterAll(() => site?.drop())

const page = async () => (await site.ask('/en/work', { as: 'adviser' })).text()
const tiles = (html: string) =>
  [...html.matchAll(/<a class="(\w+)" href="#(\w+)"><b>(\d+)/g)].map((tile) => tile.slice(1))
const text = (html: string) => html.replace(/<[^>]+>/g, ' ').replace(/[\s\u00a0]+/g, ' ')

test('where nothing is due, nothing calls', async () => {
  dues = []
  const html = await page()
  expect(tiles(html)).toEqual([
    ['none', 'late', '0'],
    ['none', 'today', '0'],
    ['none', 'later', '0'],
  ])
  expect(text(html)).toContain('Nothing is waiting for you')
})

// It is 14:00 on 21 November in Dushanbe.
test('terms are told as exactly as they are near', async () => {
  const hours = (count: number) => NOW.add({ hours: count })
  dues = [hours(-50), hours(-3), hours(2), hours(11), hours(47), hours(49), null]
  const html = await page()
  expect(tiles(html)).toEqual([
    ['urgent', 'late', '2'],
    ['attention', 'today', '1'],
    ['unknown', 'later', '3'],
    ['unknown', 'waiting', '1'],
  ])
  const words = text(html)
  for (const due of [
    '2 days late was due 19 November 2026',
    '3 hours late was due 21 November 2026',
    'by 16:00',
    'by 22 November 2026, 01:00',
    'by 23 November 2026, 13:00',
    'by 23 November 2026 ',
  ])
    expect(words).toContain(due)
})

test('abroad, terms and days are told by the clock of the organisation, and it is named', async () => {
  const { organisation_id } = await site.actor('adviser')
  const move = (country: string) =>
    site.owner.updateTable('organisations.organisation').set({ country }).where('id', '=', organisation_id).execute()
  // 16:00 in Dushanbe; 21:00 is midnight there, and still the same day in Moscow.
  dues = [NOW.add({ hours: 2 }), NOW.add({ hours: 11 })]
  await move('RU')
  const html = await page()
  expect(text(html)).toContain('Saturday, 21 November 2026 · Office of adviser · Moscow time')
  expect(tiles(html).map(([, id, count]) => [id, count])).toContainEqual(['today', '2'])
  for (const due of ['by 14:00', 'by 23:00']) expect(text(html)).toContain(due)
  await move('TJ')
  expect(text(await page())).not.toContain('· Dushanbe time')
})
