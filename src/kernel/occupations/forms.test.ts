import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readTable } from '../lists/lists.ts'
import { ROOT } from '../root.ts'
import { fold } from '../search/fold.ts'
import { asNamed } from './forms.ts'
import { buildIndex, type Term } from './occupation-index.ts'
import { stem } from './words.ts'

const table = (file: string) => readTable(readFileSync(join(ROOT, 'data', file), 'utf8'))
const index = buildIndex(
  table('occupations/isco08.tsv').map(({ code, level }) => ({
    code: code!,
    level: Number(level),
    parent_code: null,
    withdrawn: false,
  })),
  [],
  table('occupations/terms.tsv') as Term[],
)
const trade = (word: string) => stem(asNamed(index, fold(word)))

test.each([
  ['бульдозеристкой', 'бульдозерист'],
  ['смотрительница', 'смотритель'],
  ['шахтёрша', 'шахтёр'],
  ['зарфшӯйзан', 'зарфшӯй'],
  ['муаллимагон', 'муаллима'],
  ['барқчигӣ', 'барқчӣ'],
  ['барқчии', 'барқчӣ'],
  ['сарҳамшираро', 'сарҳамшира'],
  ['ронандаам', 'ронанда'],
  ['боғбонон', 'боғбон'],
])('%s is a form of %s', (form, name) => expect(trade(form)).toBe(stem(fold(name))))

test('a sewer at a machine is no man of motors: what has a name of its own keeps it', () =>
  expect(trade('мотористка')).not.toBe(stem('моторист')))

test('no common word becomes a trade', () => {
  const words = ['common', 'lookalikes', 'wishes'].flatMap((list) =>
    table(`search/${list}.tsv`).flatMap((row) => fold(row.words!).split(' ')),
  )
  expect(words.filter((word) => asNamed(index, word) !== word)).toEqual([])
})
