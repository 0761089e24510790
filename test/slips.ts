// The rows of the Russian keyboard and of the Latin one, on whose neighbouring keys fingers land.
const ROWS = ['йцукенгшщзхъ', 'фывапролджэ', 'ячсмитьбю', 'qwertyuiop', 'asdfghjkl', 'zxcvbnm']
const VOWELS = ['оа', 'еи', 'иы', 'уо', 'ae', 'ei', 'ou']

/** One slip of the hand or the ear at a place of the word; the word itself when none is possible there. The first letter stays. */
export const SLIPS = {
  doubled: (word, at) => word.slice(0, at + 1) + word.slice(at),
  missing: (word, at) => word.slice(0, at) + word.slice(at + 1),
  swapped: (word, at) =>
    at + 1 < word.length ? word.slice(0, at) + word[at + 1] + word[at] + word.slice(at + 2) : word,
  beside: (word, at) => {
    const row = ROWS.find((keys) => keys.includes(word[at]!))
    const key = row?.indexOf(word[at]!) ?? -1
    return row ? put(word, at, row[key + 1] ?? row[key - 1]!) : word
  },
  misheard: (word, at) => {
    const pair = VOWELS.find((vowels) => vowels.includes(word[at]!))
    return pair ? put(word, at, pair.replace(word[at]!, '')) : word
  },
  unsoftened: (word) => word.replace('ь', ''),
} satisfies Record<string, (word: string, at: number) => string>

export type Slip = keyof typeof SLIPS

const put = (word: string, at: number, letter: string) => word.slice(0, at) + letter + word.slice(at + 1)
