import Excel from 'exceljs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { FRUIT_FILE, fruitImport } from './fixtures/fruit.ts'
import { type Market, openMarket, text } from './fixtures/market.ts'
import { importFile } from './import-file.ts'
import { getImport } from './imports.ts'
import { reportTable } from './report.ts'

let market: Market
beforeAll(async () => {
  market = await openMarket()
})
afterAll(() => market?.close())

describe('a file on its way', () => {
  test('is uploaded, mapped, looked at, imported and reported; again it changes nothing', async () => {
    await market.orchard.clear()
    const { path, id } = await market.send(FRUIT_FILE)
    expect(await market.until(id, 'mapping')).toMatchObject({
      rows: 5,
      format: 'csv',
      mapping: { id: 0, name: 1, price: 2 },
      source: 'market',
    })

    const mapping = text(await market.page(path))
    expect(mapping).toContain('check the columns')
    expect(mapping).toContain('In it: APPLE · DRY APRICOT · PEAR')

    const twice = await market.post(`${path}/mapping`, { column_0: 'id', column_1: 'id' })
    expect(twice.status).toBe(422)
    expect(text(await twice.text())).toContain('Two columns mean the same')
    const missing = await market.post(`${path}/mapping`, { column_0: 'id' })
    expect(missing.status).toBe(422)
    expect(text(await missing.text())).toContain('Say which column this is: File')

    expect(
      (
        await market.post(`${path}/mapping`, {
          column_0: 'id',
          column_1: 'name',
          column_2: 'price',
          column_3: 'nonsense',
        })
      ).status,
    ).toBe(303)
    expect(await market.until(id, 'checked')).toMatchObject({
      ready: 2,
      repaired: 1,
      errors: 2,
      same: 0,
      content: null,
    })
    expect(await market.orchard.fruits()).toEqual([])

    const preview = await market.page(path)
    expect(preview).toMatch(/<del>DRY {2}APRICOT<\/del> DRY APRICOT<span class="why">/)
    expect(text(preview)).toContain('3 rows to look at.')
    expect(preview).not.toContain('APPLE')
    expect(text(await market.page(`${path}?show=all`))).toContain('APPLE')
    expect(text(preview)).toContain('Import the 3 valid rows')

    expect((await market.post(`${path}/approval`)).status).toBe(303)
    expect(await market.until(id, 'done')).toMatchObject({ created: 3, updated: 0, errors: 2 })
    expect((await market.orchard.fruits()).map(({ id, name, price }) => [id, name, price])).toEqual([
      ['1', 'Apple', 10],
      ['2', 'Dry apricot', 20],
      ['5', 'Fig', null],
    ])
    expect(text(await market.page(path))).toContain('3 rows are in. 2 rows stayed out.')

    // The very same headings are mapped as before, and all that was sound is here already.
    const again = await market.send(FRUIT_FILE)
    await market.until(again.id, 'mapping')
    await market.post(`${again.path}/mapping`, { column_0: 'id', column_1: 'name', column_2: 'price' })
    expect(await market.until(again.id, 'checked')).toMatchObject({ ready: 0, repaired: 0, errors: 2, same: 3 })
    expect(text(await market.page(again.path))).toContain('No row can be imported.')
    expect((await market.orchard.fruits()).every(({ writes }) => writes === 1)).toBe(true)
  })

  test('gives its rows with errors back as a file that can be put right and brought again', async () => {
    await market.orchard.clear()
    const { path, id } = await market.send(FRUIT_FILE)
    await market.until(id, 'mapping')
    await market.post(`${path}/mapping`, { column_0: 'id', column_1: 'name', column_2: 'price' })
    await market.until(id, 'checked')
    const response = await market.app.ask(`${path}/errors.xlsx`, { as: 'vacancy_officer' })
    expect(response.headers.get('content-disposition')).toContain('attachment')
    const book = new Excel.Workbook()
    await book.xlsx.load(await response.arrayBuffer())
    const sheet = book.worksheets[0]!
    const values = [1, 2, 3].map((row) => (sheet.getRow(row).values as string[]).slice(1))
    expect(values[0]).toEqual(['What is wrong', 'рақам', 'Мева', 'Нарх', 'note'])
    expect(values[2]).toEqual(['Rows: cannot be read', '4', 'Pear', "'=1+1"])
    sheet.getRow(2).getCell(3).value = 'Plum'
    sheet.getRow(3).getCell(4).value = 44
    const fixed = await importFile(market.system(), fruitImport, {
      name: 'fixed.xlsx',
      bytes: new Uint8Array(await book.xlsx.writeBuffer()),
    })
    expect(fixed).toMatchObject({ created: 2, errors: 0 })
    await market.post(`${path}/cancellation`)
    await market.app.owner
      .selectFrom('imports.row')
      .selectAll()
      .where('import_id', '=', id)
      .execute()
      .then((rows) => expect(rows).toEqual([]))
  })

  test('is reported row by row', async () => {
    await market.orchard.clear()
    const { id } = await importFile(market.system(), fruitImport, {
      name: 'a.csv',
      bytes: new TextEncoder().encode(FRUIT_FILE),
    })
    const rows: unknown[][] = []
    for await (const row of reportTable(market.system(), await getImport(market.system(), id)).rows) rows.push([...row])
    expect(rows.map(([number, state, , why]) => [number, state, why])).toEqual([
      [2, 'new record', ''],
      [3, 'new record', 'File: Here already'],
      [4, 'error', 'File: empty, but needed'],
      [5, 'error', 'Rows: cannot be read'],
      [6, 'new record', ''],
    ])
  })

  test('in a known structure needs no mapping; lines that are not JSON are rows with errors', async () => {
    await market.orchard.clear()
    const { path, id } = await market.send(
      '{"tree":{"id":"a","name":"Mulberry"}}\n{broken\n{"tree":{"id":"b","name":"Quince \\u0000"}}\n',
      'x.bin',
    )
    expect(await market.until(id, 'checked')).toMatchObject({
      format: 'jsonl',
      native_format: 'orchard',
      ready: 2,
      errors: 1,
      rows: 3,
    })
    expect(text(await market.page(path))).toContain('{broken this line is not JSON')
    await market.post(`${path}/approval`)
    await market.until(id, 'done')
    expect((await market.orchard.fruits()).map(({ name }) => name)).toEqual(['Mulberry', 'Quince'])
  })

  test('from another sheet of the workbook', async () => {
    const book = new Excel.Workbook()
    book.addWorksheet('Read me').addRow(['This file …'])
    book.addWorksheet('Data').addRows([
      ['номер', 'название'],
      ['9', 'Kiwi'],
    ])
    book.worksheets[0]!.addRow(['more'])
    const { path, id } = await market.send(new Uint8Array(await book.xlsx.writeBuffer()), 'f.xlsx')
    await market.until(id, 'mapping')
    expect((await market.post(`${path}/sheet`, { sheet: 'None' })).status).toBe(422)
    await market.post(`${path}/sheet`, { sheet: 'Data' })
    for (let i = 0; i < 100; i++) {
      const found = await market.until(id, 'mapping', 'uploaded', 'reading')
      if (found.state === 'mapping' && found.sheet === 'Data') break
      await new Promise((resolve) => setTimeout(resolve, 25))
    }
    expect(await market.until(id, 'mapping')).toMatchObject({ sheet: 'Data', mapping: { id: 0, name: 1 } })
  })
})

describe('its steps', () => {
  test('a step is taken once: pressing twice, or out of turn, is a conflict', async () => {
    const { path, id } = await market.send(FRUIT_FILE)
    await market.until(id, 'mapping')
    expect((await market.post(`${path}/approval`)).status).toBe(409)
    expect((await market.post(`${path}/resumption`)).status).toBe(409)
    expect((await market.post(`${path}/cancellation`)).status).toBe(303)
    expect((await market.post(`${path}/cancellation`)).status).toBe(409)
    expect(text(await market.page(path))).toContain('No row of this file was imported.')
  })

  test('every step stands in the audit', async () => {
    const { path, id } = await market.send(FRUIT_FILE)
    await market.until(id, 'mapping')
    await market.post(`${path}/mapping`, { column_0: 'id', column_1: 'name' })
    await market.until(id, 'checked')
    await market.post(`${path}/cancellation`)
    const lines = await market.app.owner
      .selectFrom('audit.entry')
      .select('action')
      .where('subject_id', '=', id)
      .orderBy('id')
      .execute()
    expect(lines.map(({ action }) => action)).toEqual(['import.start', 'import.map', 'import.cancel'])
  })
})
