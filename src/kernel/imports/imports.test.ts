import Excel from 'exceljs'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type TestApp, testApp } from '../../../test/app.ts'
import { NOW, silentLog } from '../../../test/database.ts'
import { newId } from '../ids.ts'
import { startWorker } from '../jobs/worker.ts'
import { defineModule } from '../module.ts'
import { FRUIT_FILE, fruitImport, plantOrchard } from './fixtures/fruit.ts'
import { importFile } from './import-file.ts'
import type { ImportState } from './imports.ts'
import { importJobs } from './jobs.ts'

let app: TestApp
let orchard: Awaited<ReturnType<typeof plantOrchard>>
let worker: { stop(): Promise<void> }

beforeAll(async () => {
  app = await testApp()
  orchard = await plantOrchard(app.owner)
  Object.assign(app.platform, {
    parts: [...app.platform.parts, defineModule({ name: 'fruits', imports: [fruitImport] })],
  })
  worker = await startWorker({
    connection: { connectionString: app.ownerUrl },
    tasks: importJobs,
    cron: [],
    log: silentLog,
    context: (task) => system(task),
  })
})
afterAll(async () => {
  await worker?.stop()
  await app?.drop()
})

const system = (task = 'test') => app.ctx({ actor: { kind: 'system', task }, db: app.owner })

const fileOf = (content: string | Uint8Array, name = 'fruit.csv') =>
  new File([typeof content === 'string' ? content : new Uint8Array(content)], name)

async function send(content: string | Uint8Array, name?: string) {
  const response = await app.ask('/en/work/imports', {
    as: 'vacancy_officer',
    form: { kind: 'fruit', file: fileOf(content, name), source: 'market' },
  })
  expect(response.status).toBe(303)
  const path = response.headers.get('location')!
  return { path, id: path.split('/').at(-1)! }
}

const post = (path: string, form: Record<string, string> = {}) =>
  app.ask(path, { as: 'vacancy_officer', form: { ...form, sent: '1' } })

async function page(path: string, status = 200): Promise<string> {
  const response = await app.ask(path, { as: 'vacancy_officer' })
  expect(response.status).toBe(status)
  return response.text()
}

async function until(id: string, ...states: ImportState[]) {
  for (let i = 0; i < 400; i++) {
    const found = await app.owner
      .selectFrom('imports.import')
      .selectAll()
      .where('id', '=', id)
      .executeTakeFirstOrThrow()
    if (states.includes(found.state as ImportState)) return found
    await new Promise((resolve) => setTimeout(resolve, 25))
  }
  throw new Error(`not ${states} in time`)
}

const text = (html: string) =>
  html
    .replace(/<svg.*?<\/svg>/gs, '')
    .replace(/<[^>]+>/g, ' ')
    .replace(/&#39;/g, "'")
    .replace(/\s+/g, ' ')

describe('a file on its way', () => {
  test('is uploaded, mapped, looked at, imported and reported; again it changes nothing', async () => {
    await orchard.clear()
    const { path, id } = await send(FRUIT_FILE)
    expect(await until(id, 'mapping')).toMatchObject({
      rows: 5,
      format: 'csv',
      mapping: { id: 0, name: 1, price: 2 },
      source: 'market',
    })

    const mapping = text(await page(path))
    expect(mapping).toContain('check the columns')
    expect(mapping).toContain('In it: APPLE · DRY APRICOT · PEAR')

    const twice = await post(`${path}/mapping`, { column_0: 'id', column_1: 'id' })
    expect(twice.status).toBe(422)
    expect(text(await twice.text())).toContain('Two columns mean the same')
    const missing = await post(`${path}/mapping`, { column_0: 'id' })
    expect(missing.status).toBe(422)
    expect(text(await missing.text())).toContain('Say which column this is: File')

    expect(
      (await post(`${path}/mapping`, { column_0: 'id', column_1: 'name', column_2: 'price', column_3: 'nonsense' }))
        .status,
    ).toBe(303)
    expect(await until(id, 'checked')).toMatchObject({ ready: 2, repaired: 1, errors: 2, same: 0, content: null })
    expect(await orchard.fruits()).toEqual([])

    const preview = await page(path)
    expect(preview).toMatch(/<del>DRY {2}APRICOT<\/del> DRY APRICOT<span class="why">/)
    expect(text(preview)).toContain('3 rows to look at.')
    expect(preview).not.toContain('APPLE')
    expect(text(await page(`${path}?show=all`))).toContain('APPLE')
    expect(text(preview)).toContain('Import the 3 valid rows')

    expect((await post(`${path}/approval`)).status).toBe(303)
    expect(await until(id, 'done')).toMatchObject({ created: 3, updated: 0, errors: 2 })
    expect((await orchard.fruits()).map(({ id, name, price }) => [id, name, price])).toEqual([
      ['1', 'Apple', 10],
      ['2', 'Dry apricot', 20],
      ['5', 'Fig', null],
    ])
    expect(text(await page(path))).toContain('3 rows are in. 2 rows stayed out.')

    // The very same headings are mapped as before, and all that was sound is here already.
    const again = await send(FRUIT_FILE)
    await until(again.id, 'mapping')
    await post(`${again.path}/mapping`, { column_0: 'id', column_1: 'name', column_2: 'price' })
    expect(await until(again.id, 'checked')).toMatchObject({ ready: 0, repaired: 0, errors: 2, same: 3 })
    expect(text(await page(again.path))).toContain('No row can be imported.')
    expect((await orchard.fruits()).every(({ writes }) => writes === 1)).toBe(true)
  })

  test('says before the import which rows change records that are here', async () => {
    await orchard.clear()
    const bring = async (content: string) => {
      const { path, id } = await send(content)
      await until(id, 'mapping')
      await post(`${path}/mapping`, { column_0: 'id', column_1: 'name', column_2: 'price' })
      await until(id, 'checked')
      return { path, id }
    }
    const first = await bring('номер;мева;нарх\n1;Apple;10\n2;Pear;20\n3;Fig;30\n')
    const nothingChanges = text(await page(first.path))
    expect(nothingChanges).not.toContain('that is here')
    await post(`${first.path}/approval`)
    await until(first.id, 'done')

    const second = await bring('номер;мева;нарх\n1;Apple;11\n2;Pear;20\n3;Fig  tree;30\n4;Plum;x\n5;Kiwi;5\n')
    expect(await until(second.id, 'checked')).toMatchObject({ ready: 2, repaired: 1, same: 1, errors: 1, changed: 2 })
    expect(text(await page(second.path))).toContain('2 rows change records that are here.')
    const rows = (html: string) =>
      html
        .match(/<tbody>.*<\/tbody>/s)![0]
        .split('<tr>')
        .slice(1)
        .map(text)
    const every = rows(await page(`${second.path}?show=all`))
    expect(every.map((row) => row.includes('changes a record'))).toEqual([true, false, true, false, false])
    const changing = await page(`${second.path}?show=changes`)
    expect(rows(changing)).toHaveLength(2)
    expect(text(changing)).toContain('FIG TREE')
  })

  test('shows what names a record first, only what the file holds, and never how a value is stored', async () => {
    await orchard.clear()
    const { path, id } = await send('мева;номер;weight\nApple;1;от 5 до 7\n;2;6\n')
    await until(id, 'mapping')
    await post(`${path}/mapping`, { column_0: 'name', column_1: 'id', column_2: 'weight' })
    await until(id, 'checked')
    const preview = await page(`${path}?show=all`)
    const headings = [...preview.matchAll(/<th scope="col">([^<]+)/g)].map(([, heading]) => heading)
    expect(headings).toEqual(['Row', 'File', 'State'])
    expect(text(preview)).toContain('от 5 до 7')
    expect(preview).not.toMatch(/&quot;least&quot;|<del>от 5/)
  })

  test('gives its rows with errors back as a file that can be put right and brought again', async () => {
    await orchard.clear()
    const { path, id } = await send(FRUIT_FILE)
    await until(id, 'mapping')
    await post(`${path}/mapping`, { column_0: 'id', column_1: 'name', column_2: 'price' })
    await until(id, 'checked')
    const response = await app.ask(`${path}/errors.xlsx`, { as: 'vacancy_officer' })
    expect(response.headers.get('content-disposition')).toContain('attachment')
    const book = new Excel.Workbook()
    await book.xlsx.load(await response.arrayBuffer())
    const sheet = book.worksheets[0]!
    const values = [1, 2, 3].map((row) => (sheet.getRow(row).values as string[]).slice(1))
    expect(values[0]).toEqual(['What is wrong', 'рақам', 'Мева', 'Нарх', 'note'])
    expect(values[2]).toEqual(['Rows: cannot be read', '4', 'Pear', "'=1+1"])
    sheet.getRow(2).getCell(3).value = 'Plum'
    sheet.getRow(3).getCell(4).value = 44
    const fixed = await importFile(system(), fruitImport, {
      name: 'fixed.xlsx',
      bytes: new Uint8Array(await book.xlsx.writeBuffer()),
    })
    expect(fixed).toMatchObject({ created: 2, errors: 0 })
    await post(`${path}/cancellation`)
    await app.owner
      .selectFrom('imports.row')
      .selectAll()
      .where('import_id', '=', id)
      .execute()
      .then((rows) => expect(rows).toEqual([]))
  })

  test('is reported row by row', async () => {
    await orchard.clear()
    const { id } = await importFile(system(), fruitImport, {
      name: 'a.csv',
      bytes: new TextEncoder().encode(FRUIT_FILE),
    })
    const { reportTable } = await import('./report.ts')
    const { getImport } = await import('./imports.ts')
    const rows: unknown[][] = []
    for await (const row of reportTable(system(), await getImport(system(), id)).rows) rows.push([...row])
    expect(rows.map(([number, state, , why]) => [number, state, why])).toEqual([
      [2, 'new record', ''],
      [3, 'new record', 'File: Here already'],
      [4, 'error', 'File: empty, but needed'],
      [5, 'error', 'Rows: cannot be read'],
      [6, 'new record', ''],
    ])
  })

  test('in a known structure needs no mapping; lines that are not JSON are rows with errors', async () => {
    await orchard.clear()
    const { path, id } = await send(
      '{"tree":{"id":"a","name":"Mulberry"}}\n{broken\n{"tree":{"id":"b","name":"Quince \\u0000"}}\n',
      'x.bin',
    )
    expect(await until(id, 'checked')).toMatchObject({
      format: 'jsonl',
      native_format: 'orchard',
      ready: 2,
      errors: 1,
      rows: 3,
    })
    expect(text(await page(path))).toContain('{broken this line is not JSON')
    await post(`${path}/approval`)
    await until(id, 'done')
    expect((await orchard.fruits()).map(({ name }) => name)).toEqual(['Mulberry', 'Quince'])
  })

  test('from another sheet of the workbook', async () => {
    const book = new Excel.Workbook()
    book.addWorksheet('Read me').addRow(['This file …'])
    book.addWorksheet('Data').addRows([
      ['номер', 'название'],
      ['9', 'Kiwi'],
    ])
    book.worksheets[0]!.addRow(['more'])
    const { path, id } = await send(new Uint8Array(await book.xlsx.writeBuffer()), 'f.xlsx')
    await until(id, 'mapping')
    expect((await post(`${path}/sheet`, { sheet: 'None' })).status).toBe(422)
    await post(`${path}/sheet`, { sheet: 'Data' })
    for (let i = 0; i < 100; i++) {
      const found = await until(id, 'mapping', 'uploaded', 'reading')
      if (found.state === 'mapping' && found.sheet === 'Data') break
      await new Promise((resolve) => setTimeout(resolve, 25))
    }
    expect(await until(id, 'mapping')).toMatchObject({ sheet: 'Data', mapping: { id: 0, name: 1 } })
  })

  test('that cannot be read says why', async () => {
    const { path, id } = await send('%PDF-1.4', 'table.csv')
    expect(await until(id, 'failed')).toMatchObject({ content: null })
    expect(text(await page(path))).toContain('This is a PDF. Ask for the table as Excel or CSV.')
    const headings = await send('номер;название\n')
    await until(headings.id, 'failed')
    expect(text(await page(headings.path))).toContain('The file has headings, but no rows.')
    const noise = Uint8Array.from({ length: 5_000 }, (_, i) => (i * i * 31 + i * 7 + (i >> 3)) & 255)
    const sheet = await send(noise, 'adverts.xlsx')
    await until(sheet.id, 'failed')
    expect(text(await page(sheet.path))).toContain('This is no table that we can read. Bring CSV, XLSX or JSON.')
  })

  test('missing, empty or of an unknown kind is refused at once', async () => {
    const answer = async (form: Record<string, string | File>) => {
      const response = await app.ask('/en/work/imports', { as: 'vacancy_officer', form: { sent: '1', ...form } })
      return [response.status, text(await response.text())] as const
    }
    expect(await answer({ kind: 'fruit' })).toMatchObject([422, expect.stringContaining('Choose a file.')])
    const kindless = await answer({ file: fileOf('a') })
    expect(kindless).toMatchObject([422, expect.stringContaining('What is in the file? Choose one.')])
    expect(kindless[1]).not.toContain('Fill in')
    expect(await answer({ kind: 'fruit', file: fileOf('') })).toMatchObject([
      422,
      expect.stringContaining('The file is empty.'),
    ])
    expect((await answer({ kind: 'nothing', file: fileOf('a') }))[0]).toBe(403)
  })

  test('any bytes under any name never make a fault', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.uint8Array({ minLength: 1, maxLength: 300 }),
          fc.string({ unit: 'binary', minLength: 1 }).map((s) => new TextEncoder().encode(s)),
          fc.json().map((s) => new TextEncoder().encode(s)),
        ),
        fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }),
        async (bytes, name) => {
          const { path, id } = await send(bytes, name)
          await until(id, 'mapping', 'checked', 'done', 'failed')
          await page(path)
        },
      ),
      { numRuns: 30 },
    )
  }, 60_000)
})

describe('who may see it', () => {
  test('only members of its organisation with the permission; others do not learn that it exists', async () => {
    const { path, id } = await send(FRUIT_FILE)
    await until(id, 'mapping')
    for (const rest of ['', '/errors.xlsx', '/report.csv']) {
      expect((await app.ask(path + rest, { as: 'administrator' })).status).toBe(404)
      expect((await app.ask(path + rest, { as: 'adviser' })).status).toBe(403)
      expect((await app.ask(path + rest)).status).toBe(303)
    }
    expect((await app.ask(`${path}/cancellation`, { as: 'administrator', form: { a: '1' } })).status).toBe(404)
    expect(text(await (await app.ask('/en/work/imports', { as: 'administrator' })).text())).not.toContain('fruit.csv')
    expect((await app.ask('/en/work/imports/none', { as: 'vacancy_officer' })).status).toBe(404)
  })

  test('a step is taken once: pressing twice, or out of turn, is a conflict', async () => {
    const { path, id } = await send(FRUIT_FILE)
    await until(id, 'mapping')
    expect((await post(`${path}/approval`)).status).toBe(409)
    expect((await post(`${path}/resumption`)).status).toBe(409)
    expect((await post(`${path}/cancellation`)).status).toBe(303)
    expect((await post(`${path}/cancellation`)).status).toBe(409)
    expect(text(await page(path))).toContain('No row of this file was imported.')
  })

  test('every step stands in the audit', async () => {
    const { path, id } = await send(FRUIT_FILE)
    await until(id, 'mapping')
    await post(`${path}/mapping`, { column_0: 'id', column_1: 'name' })
    await until(id, 'checked')
    await post(`${path}/cancellation`)
    const lines = await app.owner
      .selectFrom('audit.entry')
      .select('action')
      .where('subject_id', '=', id)
      .orderBy('id')
      .execute()
    expect(lines.map(({ action }) => action)).toEqual(['import.start', 'import.map', 'import.cancel'])
  })
})

describe('the list', () => {
  test('is searched and narrowed in its address, page by page, and taken along', async () => {
    const { organisation_id, user_id } = await app.actor('vacancy_officer')
    await app.owner.deleteFrom('imports.row').execute()
    await app.owner.deleteFrom('imports.import').execute()
    const one = { organisation_id, created_by: user_id, file_size: 1, sha256: Buffer.alloc(32), created_at: NOW }
    const ids = Array.from({ length: 45 }, newId).sort()
    const rows = Array.from({ length: 45 }, (_, i) => ({
      ...one,
      id: ids[i]!,
      kind: i % 3 === 0 ? 'vacancies' : 'fruit',
      permission: 'import.use',
      file_name: `market_${String(i).padStart(2, '0')}.csv`,
      source: i === 7 ? 'Хуҷанд 50%' : null,
      state: i % 5 === 0 ? 'failed' : 'mapping',
      finished_at: i % 5 === 0 ? NOW : null,
    }))
    await app.owner.insertInto('imports.import').values(rows).execute()
    const names = (html: string) => [...html.matchAll(/market_(\d\d)\.csv<\/a>/g)].map(([, i]) => Number(i))

    // All came at the same moment: the id parts them.
    const seen: number[] = []
    for (let path: string | undefined = '/en/work/imports'; path; ) {
      const html: string = await page(path)
      seen.push(...names(html))
      path = /class="pager".*?href="([^"]+)"/s.exec(html)?.[1]
    }
    expect(seen).toEqual(Array.from({ length: 45 }, (_, i) => 44 - i))

    expect(names(await page('/en/work/imports?q=MARKET_1'))).toEqual([19, 18, 17, 16, 15, 14, 13, 12, 11, 10])
    expect(names(await page(`/en/work/imports?q=${encodeURIComponent('ҷанд 50%')}`))).toEqual([7])
    expect(names(await page('/en/work/imports?kind=fruit&state=failed'))).toEqual([40, 35, 25, 20, 10, 5])
    const none = await page('/en/work/imports?q=nowhere')
    expect(text(none)).toContain('Nothing found for “nowhere”')
    expect(none).toContain('href="/en/work/imports"')
    expect(names(await page('/en/work/imports?before=x&state=odd&kind=%00&q='))).toHaveLength(20)

    const csv = await (await app.ask('/en/work/imports.csv?kind=fruit&state=failed', { as: 'vacancy_officer' })).text()
    expect(csv.trim().split('\r\n').slice(1)).toHaveLength(6)
    expect(csv).toContain('market_40.csv,1,What,,2026-11-21')
    expect((await app.ask('/en/work/imports.csv', { as: 'adviser' })).status).toBe(403)
  })
})
