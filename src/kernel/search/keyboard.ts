// Where the Russian keyboard has its letters on the Latin one; Tajik letters lie on or beside these.
const LATIN = "`qwertyuiop[]asdfghjkl;'zxcvbnm,."
const RUSSIAN = 'ёйцукенгшщзхъфывапролджэячсмитьбю'

/** The text as it would be with the other keyboard switched on: `cdfhobr` is `сварщик`. Null for mixed alphabets. */
export function onOtherKeyboard(text: string): string | null {
  const typed = text.toLowerCase()
  const [latin, russian] = [/[a-z]/.test(typed), /[а-яё]/.test(typed)]
  if (latin === russian) return null
  const [from, to] = latin ? [LATIN, RUSSIAN] : [RUSSIAN, LATIN]
  return Array.from(typed, (letter) => to[from.indexOf(letter)] ?? letter).join('')
}

const ROWS = ['йцукенгшщзхъ', 'фывапролджэ', 'ячсмитьбю', 'qwertyuiop', 'asdfghjkl', 'zxcvbnm']

/** Whether two letters lie beside each other on the keyboard: one is soon hit for the other. */
export function areNeighbours(a: string, b: string): boolean {
  const [rowA, rowB] = [a, b].map((letter) => ROWS.findIndex((row) => row.includes(letter))) as [number, number]
  if (rowA < 0 || rowB < 0 || Math.abs(rowA - rowB) > 1 || rowA < 3 !== rowB < 3) return false
  return Math.abs(ROWS[rowA]!.indexOf(a) - ROWS[rowB]!.indexOf(b)) <= 1
}
