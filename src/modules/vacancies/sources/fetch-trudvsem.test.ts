import { readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { ROOT } from '#kernel/root.ts'
import { fetchTrudvsem, type TrudvsemPage, type TrudvsemQuery, TrudvsemUnavailable } from './fetch-trudvsem.ts'

// The portal as recorded: pages of 100 made of its real records, 500 past the end.
const recorded = JSON.parse(readFileSync(join(ROOT, 'data/vacancies/trudvsem-api.json'), 'utf8'))
const RECORDS = 250
const today = Temporal.PlainDate.from('2026-11-21')

let server: Server
let asked: string[] = []
let failures: number[] = []
beforeAll(async () => {
  server = createServer((request, response) => {
    const url = new URL(request.url!, 'http://portal')
    asked.push(request.url!)
    const failure = failures.shift()
    const first = Number(url.searchParams.get('offset')) * 100
    if (failure || first >= RECORDS) return void response.writeHead(failure ?? 500).end('error')
    const size = Number(url.searchParams.get('limit'))
    const vacancies = Array.from({ length: Math.min(size, RECORDS - first) }, (_, i) => {
      const { vacancy } = recorded.results.vacancies[i % 2]
      const day = Temporal.PlainDate.from('2026-06-10').subtract({ days: Math.floor((first + i) / 10) })
      return { vacancy: { ...vacancy, id: `v-${first + i}`, date_modify: `${day}T06:15:16+0300` } }
    })
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify({ ...recorded, meta: { total: RECORDS, limit: size }, results: { vacancies } }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
})
afterAll(() => new Promise((resolve) => server.close(resolve)))
beforeEach(() => {
  asked = []
  failures = []
})

const collect = async (query: Partial<TrudvsemQuery> = {}) => {
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/v1/vacancies`
  const pages: TrudvsemPage[] = []
  for await (const page of fetchTrudvsem({ address, pause: 1, today, ...query })) pages.push(page)
  return pages
}
const sizes = (pages: TrudvsemPage[]) => pages.map(({ adverts }) => adverts.length)

test('all pages of a region are read by page number, the last has no next', async () => {
  const pages = await collect({ regions: ['7700000000000'] })
  expect(sizes(pages)).toEqual([100, 100, 50])
  expect(pages.map(({ next }) => next)).toEqual([
    { region: '7700000000000', page: 1 },
    { region: '7700000000000', page: 2 },
    null,
  ])
  expect(asked).toEqual([0, 1, 2].map((page) => `/api/v1/vacancies/region/7700000000000?offset=${page}&limit=100`))
  const ids = pages.flatMap(({ adverts }) => adverts.map((reading) => reading.ok && reading.advert.source_id))
  expect(new Set(ids).size).toBe(RECORDS)
})

test('a fetch goes on from where it stood, over the regions that are left', async () => {
  expect(sizes(await collect({ regions: ['71', '77'], from: { region: '71', page: 2 } }))).toEqual([50, 100, 100, 50])
  expect(sizes(await collect({ regions: ['71', '77'], from: { region: '77', page: 2 } }))).toEqual([50])
})

test('it ends at the first page that is older than asked for, and leaves older adverts out', async () => {
  const pages = await collect({ since: Temporal.PlainDate.from('2026-06-05') })
  expect(sizes(pages)).toEqual([60])
  expect(asked).toHaveLength(2)
})

test('a failed page is asked again; a page past the end is the end', async () => {
  failures = [503, 502]
  expect(sizes(await collect())).toEqual([100, 100, 50])
  expect(await collect({ from: { region: null, page: 3 } })).toEqual([])
})

test('a portal that does not answer is named, with the page to go on from', async () => {
  failures = [500, 500, 500, 500]
  const failed = await collect().catch((error) => error)
  expect(failed).toBeInstanceOf(TrudvsemUnavailable)
  expect(failed.cursor).toEqual({ region: null, page: 0 })
  const unreachable = await collect({ address: 'http://127.0.0.1:9/' }).catch((error) => error)
  expect(unreachable).toBeInstanceOf(TrudvsemUnavailable)
})

test('it stops when told to', async () => {
  const controller = new AbortController()
  controller.abort(new Error('enough'))
  await expect(collect({ signal: controller.signal })).rejects.toThrow('enough')
})
