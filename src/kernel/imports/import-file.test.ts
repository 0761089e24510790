import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import Excel from 'exceljs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { NOW, type TestDatabase, testDatabase } from '../../../test/database.ts'
import type { JobCtx, JobProgress } from '../jobs/job.ts'
import { defineModule } from '../module.ts'
import { importCommand } from './command.ts'
import { FRUIT_FILE, fruitImport, plantOrchard } from './fixtures/fruit.ts'
import { importFile } from './import-file.ts'
import { importJobs } from './jobs.ts'

let app: TestDatabase
let orchard: Awaited<ReturnType<typeof plantOrchard>>

beforeAll(async () => {
  app = await testDatabase()
  orchard = await plantOrchard(app.owner)
  Object.assign(app.platform, {
    parts: [...app.platform.parts, defineModule({ name: 'fruits', imports: [fruitImport] })],
  })
})
afterAll(() => app?.drop())

const system = () => app.ctx({ actor: { kind: 'system', task: 'test' }, db: app.owner })

describe('importing', () => {
  const many = (n: number) =>
    new TextEncoder().encode(
      `номер,название,цена\n${Array.from({ length: n }, (_, i) => `${String(i).padStart(4, '0')},Fruit ${i},${i % 900}`).join('\n')}\n`,
    )

  test('goes on where it was interrupted, and writes no row twice', async () => {
    await orchard.clear()
    const stop = new AbortController()
    let written = 0
    let importing = false
    const report = ({ done, message }: JobProgress) => {
      importing ||= message?.key === 'imports.progress.importing'
      // After the first rows, however many are written at once.
      if (!importing || !done || written > 0) return
      written = done
      stop.abort(new Error('stopped'))
    }
    const file = { name: 'many.csv', bytes: many(1300) }
    await expect(importFile(system(), fruitImport, file, { signal: stop.signal, report })).rejects.toThrow('stopped')
    expect(written).toBeLessThan(1300)
    expect((await orchard.fruits()).length).toBe(written)
    const { id } = await app.owner
      .selectFrom('imports.import')
      .select('id')
      .where('state', '=', 'importing')
      .executeTakeFirstOrThrow()
    const job = {
      ...system(),
      run_id: null,
      signal: new AbortController().signal,
      report: async () => {},
    } satisfies JobCtx
    await importJobs['imports.apply']!.run(job, { id })
    const all = await orchard.fruits()
    expect([all.length, all.filter(({ writes }) => writes !== 1).length]).toEqual([1300, 0])
    const { state, created } = await app.owner
      .selectFrom('imports.import')
      .selectAll()
      .where('id', '=', id)
      .executeTakeFirstOrThrow()
    expect([state, created]).toEqual(['done', 1300])
  })

  test('two workers that take the same import write no row twice; a cancelled one stops', async () => {
    await orchard.clear()
    const start = async () => {
      const stop = new AbortController()
      const report = ({ message }: JobProgress) => {
        if (message?.key === 'imports.progress.importing') stop.abort(new Error('stopped'))
      }
      await expect(
        importFile(system(), fruitImport, { name: 'two.csv', bytes: many(1300) }, { signal: stop.signal, report }),
      ).rejects.toThrow('stopped')
      return app.owner
        .selectFrom('imports.import')
        .select('id')
        .where('state', '=', 'importing')
        .executeTakeFirstOrThrow()
    }
    const job = (after = async () => {}): JobCtx => ({
      ...{ ...system(), run_id: null, signal: new AbortController().signal, report: after },
    })
    const apply = importJobs['imports.apply']!
    const { id } = await start()
    await Promise.all([apply.run(job(), { id }), apply.run(job(), { id })])
    const all = await orchard.fruits()
    expect([all.length, all.filter(({ writes }) => writes !== 1).length]).toEqual([1300, 0])
    expect(
      await app.owner
        .selectFrom('imports.import')
        .select(['state', 'created', 'errors'])
        .where('id', '=', id)
        .executeTakeFirst(),
    ).toEqual({ state: 'done', created: 1300, errors: 0 })

    await orchard.clear()
    const other = await start()
    const cancel = () =>
      app.owner
        .updateTable('imports.import')
        .set({ state: 'cancelled', finished_at: NOW })
        .where('id', '=', other.id)
        .execute()
    let reports = 0
    await apply.run(
      job(async () => {
        if (++reports === 2) await cancel()
      }),
      other,
    )
    expect((await orchard.fruits()).length).toBe(500)
  })

  test('a row the database refuses stays out, its neighbours go in', async () => {
    await orchard.clear()
    const found = await importFile(system(), fruitImport, {
      name: 'x.csv',
      bytes: new TextEncoder().encode('номер,название,цена\n1,a,1\n2,b,5000\n3,c,3\n'),
    })
    expect(found).toMatchObject({ state: 'done', created: 2, errors: 1 })
    expect((await orchard.fruits()).map(({ id }) => id)).toEqual(['1', '3'])
  })

  test('of a workbook with rows on several sheets nobody guesses one: it is named, or the file is refused', async () => {
    await orchard.clear()
    const book = new Excel.Workbook()
    book.addWorksheet('Пустой')
    book.addWorksheet('скрытый', { state: 'hidden' }).addRow(['no'])
    for (const [at, name] of ['Март', 'Апрель'].entries())
      book.addWorksheet(name).addRows([
        ['номер', 'название', 'цена'],
        [`${at + 1}`, name, 10],
      ])
    const file = { name: 'two.xlsx', bytes: new Uint8Array(await book.xlsx.writeBuffer()) }
    const bring = (sheet?: string) => importFile(system(), fruitImport, file, { sheet })
    const refused = (key: string, values: object) =>
      expect.objectContaining({ note: { key: `imports.problem.${key}`, values } })
    await expect(bring()).rejects.toEqual(refused('several_sheets', { sheets: 'Март, Апрель' }))
    await expect(bring('Май')).rejects.toEqual(refused('no_sheet', { sheet: 'Май', sheets: 'Пустой, Март, Апрель' }))
    expect(await orchard.fruits()).toEqual([])
    expect(await bring('Апрель')).toMatchObject({ created: 1, sheet: 'Апрель' })
    expect((await orchard.fruits()).map(({ name }) => name)).toEqual(['Апрель'])
  })

  test('a dry run takes every step and leaves nothing', async () => {
    await orchard.clear()
    const before = await app.owner.selectFrom('imports.import').select('id').execute()
    expect(await importFile(system(), fruitImport, { name: 'x.csv', bytes: many(3) }, { dryRun: true })).toMatchObject({
      created: 3,
    })
    expect(await orchard.fruits()).toEqual([])
    expect(await app.owner.selectFrom('imports.import').select('id').execute()).toHaveLength(before.length)
  })
})

describe('hamsafar import', () => {
  test('imports, names what was left out, and refuses in a sentence', async () => {
    await orchard.clear()
    const folder = await mkdtemp(`${tmpdir()}/hamsafar-import-`)
    await writeFile(`${folder}/f.csv`, FRUIT_FILE)
    const call = async (input: Record<string, unknown>) => {
      const lines: string[] = []
      let result: unknown
      const out = {
        json: false,
        print: (line = '') => void lines.push(line),
        progress: (line: string) => void lines.push(line),
        result: (value: unknown) => void (result = value),
      }
      const code = await (importCommand.run as (ctx: unknown, input: unknown, o: unknown) => Promise<number>)(
        system(),
        importCommand.input!.parse(input),
        out,
      )
      return { code, result, lines: lines.join('\n') }
    }
    const dry = await call({ kind: 'fruit', file: `${folder}/f.csv`, dry_run: true })
    expect(dry).toMatchObject({ code: 1, result: { created: 3, errors: 2, dry_run: true, id: null } })
    expect(dry.lines).toContain('4: File: empty, but needed')
    expect(await orchard.fruits()).toEqual([])
    expect(await call({ kind: 'fruit', file: `${folder}/f.csv` })).toMatchObject({
      code: 1,
      result: { created: 3, same: 0, errors: 2 },
    })
    expect(await call({ kind: 'fruit', file: `${folder}/f.csv` })).toMatchObject({
      code: 1,
      result: { created: 0, same: 3, errors: 2 },
    })
    expect((await call({ kind: 'stones', file: 'x' })).lines).toContain('There is no import of “stones”')
    expect((await call({ kind: 'fruit', file: `${folder}/none.csv` })).lines).toContain('cannot be read here')
    await writeFile(`${folder}/f.csv`, 'a;b\n1;2\n')
    expect((await call({ kind: 'fruit', file: `${folder}/f.csv` })).lines).toContain(
      'These columns are not in the file: id, name.',
    )
    await rm(folder, { recursive: true })
  })
})
