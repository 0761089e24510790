import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { fileOf, type Market, openMarket, text } from './fixtures/market.ts'

let market: Market
beforeAll(async () => {
  market = await openMarket()
})
afterAll(() => market?.close())

describe('a file', () => {
  test('that cannot be read says why', async () => {
    const { path, id } = await market.send('%PDF-1.4', 'table.csv')
    expect(await market.until(id, 'failed')).toMatchObject({ content: null })
    expect(text(await market.page(path))).toContain('This is a PDF. Ask for the table as Excel or CSV.')
    const headings = await market.send('номер;название\n')
    await market.until(headings.id, 'failed')
    expect(text(await market.page(headings.path))).toContain('The file has headings, but no rows.')
    const noise = Uint8Array.from({ length: 5_000 }, (_, i) => (i * i * 31 + i * 7 + (i >> 3)) & 255)
    const sheet = await market.send(noise, 'adverts.xlsx')
    await market.until(sheet.id, 'failed')
    expect(text(await market.page(sheet.path))).toContain('This is no table that we can read. Bring CSV, XLSX or JSON.')
  })

  test('missing, empty or of an unknown kind is refused at once', async () => {
    const answer = async (form: Record<string, string | File>) => {
      const response = await market.app.ask('/en/work/imports', { as: 'vacancy_officer', form: { sent: '1', ...form } })
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
          const { path, id } = await market.send(bytes, name)
          await market.until(id, 'mapping', 'checked', 'done', 'failed')
          await market.page(path)
        },
      ),
      { numRuns: 30 },
    )
  }, 240_000)
})
