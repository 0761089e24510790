import Excel from 'exceljs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { NOW } from '../../../test/database.ts'
import { newId } from '../ids.ts'
import { FRUIT_FILE } from './fixtures/fruit.ts'
import { type Market, openMarket, text } from './fixtures/market.ts'

let market: Market
beforeAll(async () => {
  market = await openMarket()
})
afterAll(() => market?.close())

describe('the preview', () => {
  test('says before the import which rows change records that are here', async () => {
    await market.orchard.clear()
    const bring = async (content: string) => {
      const { path, id } = await market.send(content)
      await market.until(id, 'mapping')
      await market.post(`${path}/mapping`, { column_0: 'id', column_1: 'name', column_2: 'price' })
      await market.until(id, 'checked')
      return { path, id }
    }
    const first = await bring('номер;мева;нарх\n1;Apple;10\n2;Pear;20\n3;Fig;30\n')
    const nothingChanges = text(await market.page(first.path))
    expect(nothingChanges).not.toContain('that is here')
    await market.post(`${first.path}/approval`)
    await market.until(first.id, 'done')

    const second = await bring('номер;мева;нарх\n1;Apple;11\n2;Pear;20\n3;Fig  tree;30\n4;Plum;x\n5;Kiwi;5\n')
    expect(await market.until(second.id, 'checked')).toMatchObject({
      ready: 2,
      repaired: 1,
      same: 1,
      errors: 1,
      changed: 2,
    })
    expect(text(await market.page(second.path))).toContain('2 rows change records that are here.')
    const rows = (html: string) =>
      html
        .match(/<tbody>.*<\/tbody>/s)![0]
        .split('<tr>')
        .slice(1)
        .map(text)
    const every = rows(await market.page(`${second.path}?show=all`))
    expect(every.map((row) => row.includes('changes a record'))).toEqual([true, false, true, false, false])
    const changing = await market.page(`${second.path}?show=changes`)
    expect(rows(changing)).toHaveLength(2)
    expect(text(changing)).toContain('FIG TREE')
  })

  test('shows what names a record first, only what the file holds, and never how a value is stored', async () => {
    await market.orchard.clear()
    const { path, id } = await market.send('мева;номер;weight\nApple;1;от 5 до 7\n;2;6\n')
    await market.until(id, 'mapping')
    await market.post(`${path}/mapping`, { column_0: 'name', column_1: 'id', column_2: 'weight' })
    await market.until(id, 'checked')
    const preview = await market.page(`${path}?show=all`)
    const headings = [...preview.matchAll(/<th scope="col">([^<]+)/g)].map(([, heading]) => heading)
    expect(headings).toEqual(['Row', 'File', 'State'])
    expect(text(preview)).toContain('от 5 до 7')
    expect(preview).not.toMatch(/&quot;least&quot;|<del>от 5/)
  })
})

describe('the columns', () => {
  test('hide numbers of documents also where nobody said what they are; hidden sheets and columns left out are named', async () => {
    const book = new Excel.Workbook()
    book.addWorksheet('hidden one', { state: 'hidden' }).addRow(['no'])
    book.addWorksheet('Fruit').addRows([
      ['номер', 'мева', 'strange', 'day'],
      ['1', 'Apple', 'С 1234567', '2024-02-01'],
    ])
    const { path, id } = await market.send(new Uint8Array(await book.xlsx.writeBuffer()), 'hidden.xlsx')
    await market.until(id, 'mapping')
    const page = text(await market.page(path))
    expect(page).toContain('•••• 4567')
    expect(page).not.toContain('1234567')
    expect(page).toContain('2024-02-01')
    expect(page).toContain('Hidden sheets were not read: hidden one.')
    expect(page).toContain('These columns will not be loaded: strange and day.')
  })
})

describe('who may see it', () => {
  test('only members of its organisation with the permission; others do not learn that it exists', async () => {
    const { path, id } = await market.send(FRUIT_FILE)
    await market.until(id, 'mapping')
    for (const rest of ['', '/errors.xlsx', '/report.csv']) {
      expect((await market.app.ask(path + rest, { as: 'administrator' })).status).toBe(404)
      expect((await market.app.ask(path + rest, { as: 'adviser' })).status).toBe(403)
      expect((await market.app.ask(path + rest)).status).toBe(303)
    }
    expect((await market.app.ask(`${path}/cancellation`, { as: 'administrator', form: { a: '1' } })).status).toBe(404)
    expect(text(await (await market.app.ask('/en/work/imports', { as: 'administrator' })).text())).not.toContain(
      'fruit.csv',
    )
    expect((await market.app.ask('/en/work/imports/none', { as: 'vacancy_officer' })).status).toBe(404)
  })
})

describe('the list', () => {
  test('is searched and narrowed in its address, page by page, and taken along', async () => {
    const { organisation_id, user_id } = await market.app.actor('vacancy_officer')
    await market.app.owner.deleteFrom('imports.row').execute()
    await market.app.owner.deleteFrom('imports.import').execute()
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
    await market.app.owner.insertInto('imports.import').values(rows).execute()
    const names = (html: string) => [...html.matchAll(/market_(\d\d)\.csv<\/a>/g)].map(([, i]) => Number(i))

    // All came at the same moment: the id parts them.
    const seen: number[] = []
    for (let path: string | undefined = '/en/work/imports'; path; ) {
      const html: string = await market.page(path)
      seen.push(...names(html))
      path = /class="pager".*?href="([^"]+)"/s.exec(html)?.[1]
    }
    expect(seen).toEqual(Array.from({ length: 45 }, (_, i) => 44 - i))

    expect(names(await market.page('/en/work/imports?q=MARKET_1'))).toEqual([19, 18, 17, 16, 15, 14, 13, 12, 11, 10])
    expect(names(await market.page(`/en/work/imports?q=${encodeURIComponent('ҷанд 50%')}`))).toEqual([7])
    expect(names(await market.page('/en/work/imports?kind=fruit&state=failed'))).toEqual([40, 35, 25, 20, 10, 5])
    const none = await market.page('/en/work/imports?q=nowhere')
    expect(text(none)).toContain('Nothing found for “nowhere”')
    expect(none).toContain('href="/en/work/imports"')
    expect(names(await market.page('/en/work/imports?before=x&state=odd&kind=%00&q='))).toHaveLength(20)

    const csv = await (
      await market.app.ask('/en/work/imports.csv?kind=fruit&state=failed', { as: 'vacancy_officer' })
    ).text()
    expect(csv.trim().split('\r\n').slice(1)).toHaveLength(6)
    expect(csv).toContain('market_40.csv,1,What,,2026-11-21')
    expect((await market.app.ask('/en/work/imports.csv', { as: 'adviser' })).status).toBe(403)
  })
})
