import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { parse } from 'csv-parse/sync'
import { afterAll, afterEach, describe, expect, test, vi } from 'vitest'
import { testDatabase } from '../../../test/database.ts'
import { demoUsers } from '../access/demo.ts'
import { runCommandLine } from '../cli/run.ts'
import { defineModule } from '../module.ts'
import { compareCommand, linkCommand } from './commands.ts'
import { recordLinking } from './errand.ts'
import { readColumns, readList, readSex } from './matching/list.ts'

const folder = mkdtempSync(join(tmpdir(), 'hamsafar-people-'))
afterAll(() => rmSync(folder, { recursive: true }))
afterEach(() => {
  vi.unstubAllEnvs()
  vi.restoreAllMocks()
})

const parts = [defineModule({ name: 'people', commands: [linkCommand, compareCommand] })]
const file = (name: string, text: string | Uint8Array = '') => {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}

async function call(...words: string[]) {
  const stdout = vi.spyOn(console, 'log').mockImplementation(() => {})
  const stderr = vi.spyOn(console, 'error').mockImplementation(() => {})
  const code = await runCommandLine(parts, words, process.env)
  const said = (spy: typeof stdout) => spy.mock.calls.map(([line]) => line).join('\n')
  return { code, out: said(stdout), err: said(stderr) }
}

type Pair = { left_id: string; right_id: string; probability: string; explanation: string }
const pairsOf = (path: string): Pair[] => parse(readFileSync(path), { columns: true })

// Invented people: eight of them, three also under other spellings.
const HOME = `№,насаб,ном,номи падар,санаи таваллуд,шиноснома,ҷинс,ноҳия
1,Қурбонов,Ҷамшед,Раҳматович,12.03.1990,A1234567,мард,Восеъ
2,Қурбонов,Рустам,Раҳматович,04.07.1993,A2223334,мард,Восеъ
3,Ғаниева,Саодат,Холиқовна,30.11.1988,A3334445,зан,Рашт
4,Юсуфӣ,Хайринисо,,1979-05-06,A4445556,зан,Исфара
5,Шарифзода,Далер,Муроданд,19.01.2001,A5556667,мард,Данғара
6,Назаров,Толиб,Ятимович,01.01.1975,A6667778,мард,Хоруғ
7,Одинаев,Ҳаёт,Абдулҳақович,23.08.1996,A7778889,мард,Кӯлоб
8,Мирзоева,Лола,Сангиновна,14.02.1999,A8889990,зан,Панҷакент
`
const ABROAD = `id,full name,dob,passport
x1,DZHAMSHED KURBONOV,1990-03-12,A 1234567
x2,"Ганиева, Саодат Холиковна",30.11.1988,B9990001
x3,Somebody Else,1960-06-06,Z1
x4,Одинаев Хает Абдулхакович,19960823,А7778889
`

describe('people link', () => {
  test('two lists in different scripts: who is in both', async () => {
    const [home, abroad, output] = [file('home.csv', HOME), file('abroad.csv', ABROAD), join(folder, 'pairs.csv')]
    const columns = 'id=№,family=насаб,given=ном,patronymic=номи падар,birth=санаи таваллуд,document=шиноснома,sex=ҷинс'
    const theirs = 'id=id,name=full name,birth=dob,document=passport'
    const { code, out, err } = await call(
      'people',
      'link',
      '--input',
      home,
      '--input',
      abroad,
      '--columns',
      columns,
      '--columns',
      theirs,
      '--output',
      output,
      '--json',
    )
    expect({ code, err }).toEqual({ code: 0, err: '' })
    expect(JSON.parse(out)).toMatchObject({ ok: true, records: 12 })
    expect(readFileSync(output, 'utf8')).toMatch(/^left_id,right_id,probability,explanation\n/)
    const pairs = pairsOf(output)
    expect(pairs.map(({ left_id, right_id }) => [left_id, right_id])).toEqual([
      ['1', 'x1'],
      ['3', 'x2'],
      ['7', 'x4'],
    ])
    for (const { probability } of pairs) expect(Number(probability)).toBeGreaterThan(0.8)
    expect(pairs[0]!.explanation).toMatch(/^link: .*first same .*kurbonov.*birth exact .*1990-03-12.*document exact/)
  })

  test('one list: its doublets, by headings that are recognised; further columns count', async () => {
    const list = `id,surname,first name,date of birth,street,town
a,Smith,Johnathan,1980-05-17,12 Oak Road,Leeds
b,Smyth,Jonathan,1980-05-17,12 Oak Rd,Leeds
c,Smith,Mary,1982-02-03,9 Elm Road,Leeds
d,Jones,Peter,1971-11-30,1 High Street,York
e,Jones,Pete,1971-11-30,1 High Street,York
f,Brown,Anna,1990-09-09,4 Mill Lane,Hull
`
    const output = join(folder, 'doublets.csv')
    const found = async (...more: string[]) => {
      expect((await call('people', 'link', '--input', file('list.csv', list), '--output', output, ...more)).code).toBe(
        0,
      )
      return pairsOf(output).map(({ left_id, right_id }) => `${left_id}${right_id}`)
    }
    expect(await found()).toEqual(['ab', 'de'])
    // What was recognised is told: a column that was not would be missed silently.
    const { err } = await call('people', 'link', '--input', file('list.csv', list), '--output', output)
    expect(err).toContain('is read as id=id,family=surname,given=first name,birth=date of birth')
    expect(err).not.toContain('street')
    expect(
      await found('--columns', 'id=id,family=surname,given=first name,birth=date of birth,extra=street,extra=town'),
    ).toEqual(['ab', 'de'])
    expect(pairsOf(output)[0]!.explanation).toContain('street')
  })

  test.each([
    ['familiya,ism', undefined],
    ['фамилиясы,аты', undefined],
    ['Nachname,Vorname', undefined],
    ['Сведения 1,Сведения 2', 'family=Сведения 1,given=Сведения 2,extra=Манзил'],
  ])('names and an address are enough: %s', async (headings, columns) => {
    const names = 'Раҳимов,Далер;Каримова,Зарина;Одинаев,Ҳаёт;Юсуфӣ,Хайринисо;Назаров,Толиб;Ғаниева,Саодат'.split(';')
    const rows = names.map((name, at) => `${name},кӯчаи ${['Айнӣ', 'Рӯдакӣ', 'Лоҳутӣ'][at % 3]} ${at * 7 + 3}`)
    const list = file('names.csv', [`${headings},Манзил`, ...rows, ...rows].join('\n'))
    const output = join(folder, 'names-pairs.csv')
    const { code } = await call(
      ...['people', 'link', '--input', list, '--output', output],
      ...(columns ? ['--columns', columns] : []),
    )
    expect(code).toBe(0)
    expect(pairsOf(output).map(({ left_id, right_id }) => Number(right_id) - Number(left_id))).toEqual(
      names.map(() => names.length),
    )
  })

  const link = (...words: string[]) => call('people', 'link', '--output', join(folder, 'none.csv'), ...words)
  test.each([
    ['a file that is not there', ['--input', join(folder, 'missing.csv')], 'There is no file'],
    ['a folder', ['--input', folder], 'is a folder'],
    ['an empty file', ['--input', file('empty.csv')], 'is empty'],
    ['headings alone', ['--input', file('bare.csv', 'id,name\n')], 'no rows'],
    [
      'a picture',
      ['--input', file('picture.csv', Buffer.from('89504e470d0a1a0a0000000d4948445200000001', 'hex'))],
      'no CSV file',
    ],
    ['nothing to compare', ['--input', file('fruit.csv', 'apple,pear\n1,2\n')], 'apple, pear'],
    [
      'a heading that is not there',
      ['--input', file('n1.csv', 'id,name\n1,A B\n'), '--columns', 'id=id,name=fio'],
      'no column "fio". Its headings: id, name',
    ],
    [
      'an unknown field',
      ['--input', file('n2.csv', 'id,name\n1,A B\n'), '--columns', 'id=id,shoe=name'],
      'knows no field "shoe"',
    ],
    ['no heading', ['--input', file('n3.csv', 'id,name\n1,A B\n'), '--columns', 'id'], 'not of the form'],
    ['one id twice', ['--input', file('twice.csv', 'id,name\n1,A B\n1,C D\n')], 'line 3: the id 1 is there twice'],
    ['an open quotation mark', ['--input', file('quote.csv', 'id,name\n1,"A B\n2,C D\n')], 'quotation mark'],
    [
      'different further columns',
      ['--input', file('n4.csv', 'id,name,district\n1,A B,X\n'), '--input', file('n5.csv', 'id,name\n2,A B\n')],
      'the same further columns',
    ],
  ])('%s is told in a sentence', async (_what, words, sentence) => {
    const { code, err } = await link(...words)
    expect({ code, err }).toEqual({ code: 1, err: expect.stringContaining(sentence) })
  })

  test('what is no date or sex is counted and unknown', async () => {
    const list = await readList(file('odd.csv', 'id,name,birth,sex\n1,A B,long ago,?\n2,C D,1990,ж\n'), null)
    expect(list.unread).toEqual({ birth: 1, sex: 1 })
    expect(list.records.map(({ birth, sex }) => [birth, sex])).toEqual([
      [null, null],
      [19900000, 'female'],
    ])
  })

  test('in production it asks who answers for it, before it opens a file', async () => {
    vi.stubEnv('NODE_ENV', 'production')
    const { code, err } = await link('--input', join(folder, 'missing.csv'))
    expect({ code, err }).toEqual({ code: 1, err: expect.stringContaining('--custodian and --purpose') })
  })

  test('a purpose is a code, so that nobody writes of people into the audit', async () => {
    const { code, err } = await link('--input', 'x.csv', '--custodian', 'a@b.tj', '--purpose', 'look for Rustam')
    expect({ code, err }).toEqual({ code: 2, err: expect.stringContaining('--purpose') })
  })
})

test('the audit keeps for whom lists were linked and why; nobody unknown can be named', async () => {
  const database = await testDatabase()
  try {
    const ctx = database.ctx({ db: database.owner, actor: { kind: 'system', task: 'command people link' } })
    await demoUsers(ctx)
    const account = await database.owner.selectFrom('access.user_account').selectAll().executeTakeFirstOrThrow()
    const list = await readList(file('audited.csv', 'id,name\n1,A B\n2,C D\n'), null)
    await recordLinking(ctx, { custodian: account.email.toUpperCase(), purpose: 'order/2026-114' }, [list, list])
    const entry = await database.owner
      .selectFrom('audit.entry')
      .selectAll()
      .where('action', '=', 'people.link')
      .executeTakeFirstOrThrow()
    expect(entry).toMatchObject({
      subject_type: 'user',
      subject_id: account.id,
      details: { purpose: 'order/2026-114', rows: 4 },
    })
    await expect(recordLinking(ctx, { custodian: 'nobody@test.tj', purpose: 'order/1' }, [list])).rejects.toThrow(
      'Nobody with the address',
    )
  } finally {
    await database.drop()
  }
})

test('columns are read with their blanks, several of one field where that makes sense', () => {
  expect(readColumns('id = rec id, name=a,name=b,extra=c, d')).toEqual({
    id: ['rec id'],
    name: ['a', 'b'],
    extra: ['c, d'],
  })
  expect(() => readColumns('birth=a,birth=b')).toThrow('names birth twice')
})

test.each([
  ['м', 'male'],
  ['Мард', 'male'],
  ['M', 'male'],
  ['1', 'male'],
  ['жен.', 'female'],
  ['зан', 'female'],
  ['Female', 'female'],
  ['2', 'female'],
  ['', null],
  ['9', null],
  ['unknown', null],
])('%s is %s', (text, sex) => expect(readSex(text)).toBe(sex))

describe('people compare', () => {
  test('answers with a score from 0 to 1 and every step', async () => {
    const { code, out } = await call('people', 'compare', 'Қурбонов Ҷамшед', 'DZHAMSHED KURBONOV', '--json')
    const { score, explanation } = JSON.parse(out)
    expect(code).toBe(0)
    expect(score).toBeGreaterThan(0.95)
    expect(score).toBeLessThanOrEqual(1)
    expect(explanation).toEqual([
      expect.objectContaining({ left: 'қурбонов', right: 'kurbonov', level: 'same', sounds: ['kurbonov', 'kurbonov'] }),
      expect.objectContaining({ left: 'ҷамшед', right: 'dzhamshed', level: 'same' }),
    ])
  })

  test('people read lines', async () => {
    const { out } = await call('people', 'compare', 'Рустам', 'Далер')
    expect(out).toMatch(/^0\.0\d+\n.*differs/)
  })
})

test('a list is never written over, by whatever name, and what cannot be written whole is not begun', async () => {
  const list = file('kept.csv', HOME)
  const before = readFileSync(list, 'utf8')
  symlinkSync(list, join(folder, 'same.csv'))
  for (const output of [list, join(folder, '.', 'same.csv'), relative(process.cwd(), list)]) {
    const { code, err } = await call('people', 'link', '--input', list, '--output', output)
    expect([code, err]).toEqual([1, expect.stringContaining('is one of the lists')])
    expect(readFileSync(list, 'utf8')).toBe(before)
  }
  const output = file('earlier.csv', 'earlier pairs')
  expect((await call('people', 'link', '--input', list, '--output', output)).code).toBe(0)
  expect(pairsOf(output).length).toBeGreaterThanOrEqual(0)
  expect(statSync(output).mode & 0o777).toBe(0o600)
  expect(readdirSync(folder).filter((name) => name.includes('.part-'))).toEqual([])
})
