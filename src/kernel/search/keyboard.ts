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
