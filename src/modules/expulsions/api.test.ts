import { generateKeyPairSync } from 'node:crypto'
import Excel from 'exceljs'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { newId } from '#kernel/ids.ts'
import { takeUnattended } from '#kernel/imports/import-file.ts'
import type { JobCtx } from '#kernel/jobs/job.ts'
import { ORIGIN, type TestApp, testApp } from '../../../test/app.ts'
import { signCall } from '../../../test/calls.ts'
import { NOW } from '../../../test/database.ts'
import { type Exchange, exchange, HEADINGS } from './fixtures/exchange.ts'

let site: TestApp
let x: Exchange
let key: string
let keyid: string
beforeAll(async () => {
  site = await testApp()
  x = await exchange(site)
  ;[keyid, key] = await program(x.embassy, ['expulsion.import'])
})
afterAll(() => site.drop())

async function program({ id: organisation_id, officer }: Exchange['embassy'], permissions: string[]) {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  const id = newId()
  const public_key = Buffer.from(publicKey.export({ format: 'jwk' }).x!, 'base64url')
  const row = { id, organisation_id, label: 'System', permissions, created_by: officer.user_id, created_at: NOW }
  await site.owner
    .insertInto('access.api_client')
    .values({ ...row, public_key })
    .execute()
  return [id, privateKey.export({ type: 'pkcs8', format: 'der' }).toString('base64')] as const
}

type As = { key: string; keyid: string }
async function call(
  method: string,
  path: string,
  body: string | Uint8Array<ArrayBuffer> | null = null,
  idempotencyKey?: string,
  as?: As,
) {
  const address = `${ORIGIN}/api/v1/expulsions/batches${path}`
  const signed = await signCall({
    ...{ key, keyid, method, address, body, now: NOW.epochMilliseconds, ...as },
    ...(idempotencyKey && { idempotencyKey }),
  })
  const headers = { ...signed, ...(body !== null && { 'content-type': 'text/csv' }) }
  const response = await site.app.request(address, { method, headers, ...(body !== null && { body }) })
  return { status: response.status, body: (await response.json()) as any }
}
const work = (id: string) =>
  takeUnattended(
    {
      ...site.ctx({ db: site.owner, actor: { kind: 'system', task: 'imports.take' } }),
      ...{ run_id: null, signal: new AbortController().signal, report: async () => {} },
    } as JobCtx,
    id,
  )
const batches = () => site.owner.selectFrom('expulsions.batch').selectAll().execute()

const LIST = `${HEADINGS}
1;Намунаев Далер Намунавич;14.02.1990;A12345678;неразрешение въезда;ст. 26;Н-1;01.06.2029
2;;23.02.1988;A22345678;депортация;ст. 25.10;Н-2;бессрочно
3;Образцов Комрон;1.3.1995;A32345678;штраф без выдворения;ст. 25.10;Н-3;бессрочно
`

test('a signed list goes the way of an imported one, and is told row by row', async () => {
  const sent = await call('POST', '?letter=14%2F2-881&name=list.csv', LIST, 'first')
  expect(sent).toEqual({ status: 202, body: { id: expect.any(String), report: expect.stringContaining(ORIGIN) } })
  const { id } = sent.body
  expect((await call('GET', `/${id}`)).body).toMatchObject({ state: 'uploaded', batch: null })
  await work(id)
  const report = await call('GET', `/${id}`)
  const [batch] = await batches()
  expect(report.body).toMatchObject({ state: 'done', batch: batch!.reference, rows: 3, created: 1, errors: 2, same: 0 })
  expect(batch).toMatchObject({ letter: '14/2-881', custodian: x.embassy.id, entered_by: keyid })
  const rows = await call('GET', `/${id}/rows`)
  expect(rows.body.items.map(({ number, state }: any) => [number, state])).toEqual([
    [2, 'imported'],
    [3, 'error'],
    [4, 'error'],
  ])
  expect(rows.body.items[0].measure).toMatch(/^[A-Z0-9-]{10,}$/)
  expect(rows.body.items[1].notes).toEqual([
    { field: 'full_name', kind: 'error', code: 'expulsions.import.name_missing', text: expect.any(String) },
  ])
  expect(rows.body.next).toBeNull()
  // It is on its way by the routes, like any list.
  const delivered = await site.owner.selectFrom('expulsions.delivery').select('to_organisation').execute()
  expect(delivered.map(({ to_organisation }) => to_organisation).sort()).toEqual([x.foreign.id, x.service.id].sort())
})

test('sent again, the call does nothing; the same rows under another key change nothing', async () => {
  const again = await call('POST', '?letter=14%2F2-881&name=list.csv', LIST, 'first')
  expect(again.status).toBe(202)
  const imports = () => site.owner.selectFrom('imports.import').select('id').execute()
  expect(await imports()).toHaveLength(1)
  const other = await call('POST', '?letter=14%2F2-881&name=list.csv', LIST, 'second')
  await work(other.body.id)
  expect((await call('GET', `/${other.body.id}`)).body).toMatchObject({ created: 0, updated: 0, same: 1, errors: 2 })
  expect(await batches()).toHaveLength(1)
})

test('a file with other headings leaves every row in the report; an empty one is refused', async () => {
  const odd = await call('POST', '', 'a;b\n1;2\n', 'odd')
  await work(odd.body.id)
  expect((await call('GET', `/${odd.body.id}`)).body).toMatchObject({ state: 'done', created: 0, errors: 1 })
  expect((await call('POST', '', '', 'empty')).status).toBe(422)
  const torn = await call('POST', '', '{"a":', 'torn')
  await work(torn.body.id)
  expect((await call('GET', `/${torn.body.id}`)).body).toMatchObject({ batch: null, created: 0 })
})

test('a workbook with rows on several sheets is refused by their names, and read where one is named', async () => {
  const book = new Excel.Workbook()
  for (const name of ['Москва', 'Тверь'])
    book.addWorksheet(name).addRows([
      ['ФИО', 'Д.р.', 'Паспорт', 'Мера'],
      [`Намунаев ${name}`, '14.02.1991', `A4234567${name.length}`, 'депортация'],
    ])
  const bytes = new Uint8Array(await book.xlsx.writeBuffer())
  const sent = await call('POST', '', bytes, 'sheets')
  await work(sent.body.id)
  expect((await call('GET', `/${sent.body.id}`)).body).toMatchObject({
    ...{ state: 'failed', created: 0, batch: null, sheet: null },
    problem: expect.stringContaining('Москва, Тверь'),
  })
  const named = await call('POST', `?sheet=${encodeURIComponent('Тверь')}`, bytes, 'one-sheet')
  await work(named.body.id)
  expect((await call('GET', `/${named.body.id}`)).body).toMatchObject({ state: 'done', created: 1, sheet: 'Тверь' })
})

test('only whoever signs with the right sees and sends; nothing of others is there', async () => {
  const { body } = await call('POST', '', LIST, 'third')
  const [otherId, otherKey] = await program(x.service, ['expulsion.import'])
  const stranger = { keyid: otherId, key: otherKey }
  for (const path of [`/${body.id}`, `/${body.id}/rows`])
    expect((await call('GET', path, null, undefined, stranger)).status).toBe(404)
  const [powerless, powerlessKey] = await program(x.embassy, ['vacancy.review'])
  const nobody = { keyid: powerless, key: powerlessKey }
  expect((await call('POST', '', LIST, 'fourth', nobody)).status).toBe(403)
  expect((await call('POST', '', LIST, 'fifth', { keyid, key: otherKey })).status).toBe(401)
  expect((await site.ask(`/api/v1/expulsions/batches/${body.id}`)).status).toBe(401)
})

test('programs of who gets a batch hear that one came, and of whom never', async () => {
  const { id: organisation_id, officer } = x.foreign
  await site.owner
    .insertInto('webhooks.subscription')
    .values({
      ...{ id: newId(), organisation_id, url: 'https://hooks.example.tj/in', secret: Buffer.alloc(1) },
      ...{ events: ['expulsion_batch.came'], created_by: officer.user_id, created_at: NOW },
    })
    .execute()
  const sent = await call('POST', '?letter=new', LIST.replace('A12345678', 'A99345678').replace('Н-1', 'Н-9'), 'told')
  await work(sent.body.id)
  const messages = await site.owner
    .selectFrom('webhooks.message')
    .select(['event', 'data', 'organisation_id'])
    .execute()
  const reference = (await call('GET', `/${sent.body.id}`)).body.batch
  expect(messages).toEqual([
    { event: 'expulsion_batch.came', organisation_id, data: { page: `work/expulsions/${reference}` } },
  ])
})

test('a list with a heading that may matter and that nobody understands is refused by its name, until an officer says what it is', async () => {
  const csv = 'ФИО;Д.р.;Номер заграничного паспорта;Мера\nНамунаев Озод;05.05.1992;A55345678;депортация\n'
  const sent = await call('POST', '', csv.replace('Номер заграничного паспорта', 'Паспорт отца'), 'unclear')
  await work(sent.body.id)
  expect((await call('GET', `/${sent.body.id}`)).body).toMatchObject({
    ...{ state: 'failed', created: 0, problem: expect.stringContaining('«Паспорт отца»') },
  })
  // The same headings, once an officer has said on the page what they are.
  const { id } = sent.body
  await site.owner
    .updateTable('imports.import')
    .set({ state: 'done', columns_seen: true, mapping: '{"full_name":0,"birth":1,"measure":3}' })
    .where('id', '=', id)
    .execute()
  const again = await call('POST', '', csv.replace('Номер заграничного паспорта', 'Паспорт отца'), 'seen')
  await work(again.body.id)
  expect((await call('GET', `/${again.body.id}`)).body).toMatchObject({ state: 'done', created: 1 })
})

test('what was only guessed of an earlier file is guessed anew', async () => {
  const csv = (row: string) => `ФИО;Д.р.;Паспорт;Мера;Срок запрета въезда с;Срок запрета въезда по\n${row}\n`
  const first = await call(
    'POST',
    '',
    csv('Намунаев Рустам;05.05.1993;A65345678;депортация;01.02.2024;01.02.2029'),
    'g1',
  )
  await work(first.body.id)
  await site.owner
    .updateTable('imports.import')
    .set({ mapping: '{"full_name":0,"birth":1,"document":2,"measure":3,"ends":4}' })
    .where('id', '=', first.body.id)
    .execute()
  const next = await call('POST', '', csv('Намунаев Умед;05.05.1994;A75345678;депортация;01.02.2024;01.02.2029'), 'g2')
  await work(next.body.id)
  const { rows } = await sql<{ ends: string; starts: string }>`
    select value ->> 'ends' as ends, value ->> 'starts_on' as starts
    from imports.row
    where import_id = ${next.body.id}`.execute(site.owner)
  expect(rows).toEqual([{ ends: '2029-02-01', starts: '2024-02-01' }])
})

test('a list in which most measures in force have an end that is past is refused: a first day may have been read as the last', async () => {
  const row = (at: number, until: string) =>
    `${at};Намунаев Сомон;1${at}.04.1990;A8534567${at};депортация;ст. 26;P-${at};${until}`
  const past = [row(1, '01.02.2024'), row(2, '01.03.2024'), row(3, '01.02.2029')]
  const sent = await call('POST', '', `${HEADINGS}\n${past.join('\n')}\n`, 'past')
  await work(sent.body.id)
  const report = (await call('GET', `/${sent.body.id}`)).body
  expect(report).toMatchObject({ state: 'failed', created: 0, batch: null, doubtful: 2 })
  expect(report.problem).toContain('(2)')
  const few = [row(1, '01.02.2024'), row(2, 'бессрочно'), row(3, '01.02.2029')]
  const other = await call('POST', '', `${HEADINGS}\n${few.join('\n')}\n`, 'few')
  await work(other.body.id)
  expect((await call('GET', `/${other.body.id}`)).body).toMatchObject({ state: 'done', created: 3, doubtful: 1 })
  const { items } = (await call('GET', `/${other.body.id}/rows`)).body
  expect(items.map(({ notes }: any) => notes.map(({ field, code }: any) => [field, code]))).toEqual([
    [['ends', 'expulsions.import.end_past']],
    ...[[], []],
  ])
})
