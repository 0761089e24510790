import { afterAll, beforeAll, expect, test } from 'vitest'
import { type TestApp, testApp } from '../../../test/app.ts'
import { NOW } from '../../../test/database.ts'
import { bringPeople } from '../../../test/people.ts'
import { newId } from '../ids.ts'

let site: TestApp
let path: string
beforeAll(async () => {
  site = await testApp()
  const { found } = await bringPeople(site)
  path = `/en/work/people/${found}/log`
  const [lookup, person] = await Promise.all([
    site.owner.selectFrom('people.lookup').select('id').executeTakeFirstOrThrow(),
    site.owner.selectFrom('people.person').select('id').where('reference', '=', found).executeTakeFirstOrThrow(),
  ])
  // More than it once was cut at, some of them at the same moment.
  await site.owner
    .insertInto('people.look')
    .values(
      Array.from({ length: 620 }, (_, n) => ({
        ...{ id: newId(), person_id: person.id, lookup_id: lookup.id, what: 'case' },
        at: NOW.subtract({ hours: 1 + Math.floor(n / 7) }),
      })),
    )
    .execute()
})
afterAll(() => site.drop())

const read = async (address: string) => {
  const response = await site.ask(address, { as: 'registry_officer' })
  expect(response.status).toBe(200)
  const html = await response.text()
  const text = html.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ')
  return {
    lines: html.match(/<tr>/g)!.length - 1,
    total: Number(/Entries ([\d,]+)/.exec(text)![1]!.replace(',', '')),
    older: Number(/([\d,]+) older entr(?:y|ies) follow/.exec(text)?.[1] ?? 0),
    next: /href="([^"]*\/log\?after=[^"]+)"/.exec(html)?.[1],
  }
}

test('the log is turned to its end, page by page, and says on each how many entries there are and how many follow', async () => {
  const pages = [await read(path)]
  const first = pages[0]!
  expect(first.total).toBeGreaterThan(620)
  while (pages.at(-1)!.next) {
    const page = await read(pages.at(-1)!.next!)
    // Opening a page stands in the log too: at its top, where it moves nothing.
    expect([page.total, page.older]).toEqual([first.total + pages.length, pages.at(-1)!.older - page.lines])
    pages.push(page)
  }
  expect(pages.at(-1)!.older).toBe(0)
  expect(pages.reduce((sum, { lines }) => sum + lines, 0)).toBe(first.total)
})

test('an address that names no place begins at the top', async () => {
  for (const after of ['x', '9e99~x', `-1~${newId()}`, '1~2~3'])
    expect((await read(`${path}?after=${after}`)).lines).toBe(100)
})
