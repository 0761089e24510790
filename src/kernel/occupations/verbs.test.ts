import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { readTable } from '../lists/lists.ts'
import { ROOT } from '../root.ts'
import { fold } from '../search/fold.ts'
import { askedOccupationsIn, exactly } from './asked-occupations.ts'
import { buildIndex, headOf, type Term } from './occupation-index.ts'
import { asTradeWords, isDoing } from './verbs.ts'

const table = (file: string) => readTable(readFileSync(join(ROOT, 'data/occupations', file), 'utf8'))
const index = buildIndex(
  table('isco08.tsv').map(({ code, level }) => ({
    code: code!,
    level: Number(level),
    parent_code: null,
    withdrawn: false,
  })),
  [],
  table('terms.tsv') as Term[],
)
const said = (text: string) => asTradeWords(index, fold(text).split(' ')).join(' ')
const tradesOf = (text: string) => {
  const asked = askedOccupationsIn(index, said(text).split(' '))
  return asked ? exactly(asked) : []
}

describe('what somebody does is put as trades are named', () => {
  test.each([
    ['хишт мечинам', 'хиштчин хиштчин'],
    ['зарфҳоро мешӯем', 'зарфшуй зарфшуй'],
    ['ош ме пазам', 'ошпаз ошпаз ошпаз'],
    ['дар тӯй нон мепазам', 'дар туй нонпаз нонпаз'],
    ['non mepazam', 'нонпаз нонпаз'],
    ['зарфро тоза мекунам', 'зарф тозакун тозакун'],
    ['дар шахта кор мекунам', 'дар шахта кор кор'],
    ['крашу стены', 'красить стены'],
    ['крою крыши', 'крыть крыши'],
    ['кладу плитку', 'класть плитку'],
    ['варю борщ', 'варить борщ'],
    ['штукатурю стены', 'штукатурить стены'],
    // What is no such verb stays.
    ['сварщик в Москву', 'сварщик в москву'],
    ['механикам', 'механикам'],
    ['открыть счёт', 'открыть счет'],
    ['cleaning ladies', 'cleaning ladies'],
    ['house cleaning', 'house cleaning'],
    ['steel fixing', 'steel fixer'],
    ['муж таксует', 'муж таксовать'],
    ['шьёт одежду', 'шить одежду'],
    ['печёт хлеб', 'печь хлеб'],
  ])('%s', (typed, put) => expect(said(typed)).toBe(put))

  test.each([
    ['себ мечинем', '9211'],
    ['гов меҷӯшам', '6121'],
    ['курта медӯзам', '7531'],
    ['фарш мешӯям', '9112'],
    ['бор мебардорам', '9333'],
    ['пирамардро нигоҳубин мекунам', '5322'],
    ['libos meduzam', '7531'],
    ['барфро тоза мекунам', '9613'],
    ['вожу камаз', '8332'],
    ['таксую', '8322'],
    ['чиню машины', '7231'],
    ['мою посуду', '9412'],
    ['помыть окна', '9123'],
    ['шью на дому', '8153'],
    ['моет полы', '9112'],
    ['преподаватель физики', '2330'],
    ['омӯзгори математика', '2330'],
    ['врач хирург', '2212'],
    ['слесарь по ремонту авто', '7231'],
  ])('of %s the trade is %s', (typed, isco) => expect(tradesOf(typed)).toContain(isco))

  test.each(['мечинам', 'мепазем', 'мешӯям', 'намедӯзад', 'пухтан', 'мерондам'])('%s is done', (word) =>
    expect(isDoing(fold(word))).toBe(true),
  )
  test.each(['мебель', 'меҳмон', 'менеджерам', 'дарахтам', 'сафед'])('%s is not', (word) =>
    expect(isDoing(fold(word))).toBe(false),
  )
})

test('who is named after what they do is told by the verb', () => {
  expect(headOf(['мыть', 'полы'])).toBe(0)
  expect(headOf(['либос', 'духтан'])).toBe(1)
  expect(headOf(['driving', 'lorry'])).toBe(0)
  expect(headOf(['cleaning', 'lady'])).toBe(1)
  expect(headOf(['агент', 'недвижимости'])).toBe(0)
})
