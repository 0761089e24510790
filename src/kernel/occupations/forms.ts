import type { OccupationIndex } from './occupation-index.ts'
import { stem } from './words.ts'

const RUSSIAN_ENDS = '(?:а|и|е|у|ей|ой|ам|ами|ах)?'

// Endings that `stem` leaves, because they are those of other words too: only where the trade exists without them are they its
// form. Women's forms, then Tajik: the woman (`зарфшӯйзан`), the plural of -а, the work in -гӣ, the object, who says what they are.
const ENDINGS: readonly [RegExp, string][] = [
  [new RegExp(`(?<=...)истк${RUSSIAN_ENDS}$`), 'ист'],
  [new RegExp(`(?<=..)тельниц${RUSSIAN_ENDS}$`), 'тель'],
  [new RegExp(`(?<=..[еои]р)ш${RUSSIAN_ENDS}$`), ''],
  [new RegExp(`(?<=..[щчн])ич?их${RUSSIAN_ENDS}$`), 'ик'],
  [new RegExp(`(?<=....)их${RUSSIAN_ENDS}$`), ''],
  [/(?<=.{4})зан(он|хо|хои)?и?$/, ''],
  [/(?<=...а)г(и|он|они|онро)$/, ''],
  [/(?<=.{3}и)(ги|и|ен|ени|ро)$/, ''],
  [/(?<=.{4}(хо|он)?)ро$/, ''],
  [/(?<=.{3}й)и$/, ''],
  [/(?<=.{3}[оу])(й?и|й?ен|й?он|хо|хои)$/, ''],
  [/(?<=.{3}[аи])(ам|ем|анд|ед|хо|хои)$/, ''],
  [/(?<=.{4})(они?|и)$/, ''],
]

/**
 * The trade's name that a word is a form of, where `stem` does not meet it: `бульдозеристка`, `муаллимагон`, `барқчигӣ`. The
 * word itself when there is none, or when it is a name's word as it stands.
 * @param word folded
 */
export function asNamed(index: OccupationIndex, word: string): string {
  if (!/^[а-я]{6,}$/.test(word) || index.byStem.has(stem(word))) return word
  const bases = ENDINGS.filter(([ending]) => ending.test(word)).map(([ending, base]) => word.replace(ending, base))
  return bases.find((base) => isName(index, stem(base))) ?? word
}

const isName = (index: OccupationIndex, base: string) =>
  (index.byStem.get(base) ?? []).some(({ kind, stems }) => kind === 'term' && stems.length === 1)
