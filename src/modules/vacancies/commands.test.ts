import { readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ROOT } from '#kernel/root.ts'
import { type TestDatabase, testDatabase } from '../../../test/database.ts'
import { vacancyCommands } from './commands.ts'

const recorded = JSON.parse(readFileSync(join(ROOT, 'data/vacancies/trudvsem-api.json'), 'utf8'))
const [TULA, MOSCOW, TVER] = ['7100000000000', '7700000000000', '6900000000000'] as const

let portal: Server
let database: TestDatabase
beforeAll(async () => {
  database = await testDatabase()
  // Tula answers; Moscow is away.
  portal = createServer((request, response) => {
    if (!request.url!.includes(TULA)) return void response.writeHead(503).end()
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify(recorded))
  })
  await new Promise<void>((resolve) => portal.listen(0, '127.0.0.1', resolve))
})
afterAll(async () => {
  await new Promise((resolve) => portal.close(resolve))
  await database.drop()
})

test('a fetch that stops says how to go on, with every region that is left and all that was asked', async () => {
  const address = `http://127.0.0.1:${(portal.address() as AddressInfo).port}/api/v1/vacancies`
  const fetch = vacancyCommands.find(({ name }) => name === 'vacancies fetch')!
  const printed: string[] = []
  let result: unknown
  const out = {
    progress: () => {},
    print: (line: string) => void printed.push(line),
    result: (value: unknown) => {
      result = value
    },
  }
  const ctx = database.ctx({ db: database.owner, actor: { kind: 'system', task: 'vacancies fetch' } })
  const input = { region: [TULA, MOSCOW, TVER], since: '2020-01-01', page: 0, address, pause: 0 }
  expect(await fetch.run(ctx as never, input as never, out as never)).toBe(1)
  expect(printed.at(-1)).toContain(
    `Go on with: --page 0 --region ${MOSCOW} --region ${TVER} --since 2020-01-01 --address '${address}'`,
  )
  expect(result).toMatchObject({ created: 2, stopped_at: { region: MOSCOW, page: 0 }, regions_left: [MOSCOW, TVER] })
})
