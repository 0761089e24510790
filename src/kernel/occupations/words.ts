// Longest first: the first ending that fits is cut.
const ENDINGS =
  'ями ами ыми ими его ого ему ому ям ам ым им ых их ах ях ов ев ей ой ый ий ая яя ое ее ые ие ом ем ую юю ью а я о е и ы у ю ь й'.split(
    ' ',
  )

/** Small words that join; they carry no meaning of their own. */
const JOINING = new Set(
  'и с со по на в во для из от до у к о об при без за под над of the a an and for in at to with va ва бо дар аз ба барои'.split(
    ' ',
  ),
)

/**
 * A word cut down so that its forms meet: cases and numbers of Russian, the woman's form of a trade
 * (уборщица, официантка), the Tajik izofat and plural, the English plural. Deliberately light: it never guesses roots.
 * @param word folded, see `fold`
 */
export function stem(word: string): string {
  if (/^[a-z]/.test(word))
    return word
      .replace(/(?<=[a-z]{3}[^s])s$/, '')
      .replace(/(?<=[a-z]{3})women$|(?<=[a-z]{3})woman$|(?<=[a-z]{3})men$/, 'man')
  if (word.length < 4 || !/^[а-я]/.test(word)) return word
  const tajik = word
    .replace(/чиен$/, 'чи')
    .replace(/(?<=..)гарон$/, 'гар')
    .replace(/ндагон$/, 'нда')
  if (tajik !== word) return stem(tajik)
  const ending = ENDINGS.find((e) => word.endsWith(e) && word.length - e.length >= 3)
  const cut = ending ? word.slice(0, -ending.length) : word
  return cut
    .replace(/(щ|ч)иц$/, '$1ик')
    .replace(/(?<=.{3})ниц$/, 'ник')
    .replace(/(?<=..)антк$/, 'ант')
    .replace(/(?<=...)арк$/, 'ар')
    .replace(/(?<=..)(ец|иц)$/, 'ц')
    .replace(/(?<=...)ок$/, 'к')
    .replace(/^продавщик$/, 'продавц')
}

/** Whether a folded word only joins others. */
export const joins = (word: string) => JOINING.has(word)

// Nouns that look like adjectives.
const NOUNS = new Set(
  'рабочий рабочая горничная заведующий заведующая управляющий управляющая дежурный служащий военнослужащий портной рулевой уполномоченный'.split(
    ' ',
  ),
)

/** Whether a folded Russian word is an adjective or participle by its ending. */
export const isAdjective = (word: string) =>
  word.length > 4 && !NOUNS.has(word) && /(ый|ий|ой|ая|яя|ое|ее|ые|ие|ого|его)$/.test(word)

// Letters of a Latin spelling of Russian, with the spellings that people use for the same letter made one.
const ROMAN: Record<string, string> = {
  а: 'a',
  б: 'b',
  в: 'v',
  г: 'g',
  д: 'd',
  е: 'e',
  ж: 'zh',
  з: 'z',
  и: 'i',
  й: 'i',
  к: 'k',
  л: 'l',
  м: 'm',
  н: 'n',
  о: 'o',
  п: 'p',
  р: 'r',
  с: 's',
  т: 't',
  у: 'u',
  ф: 'f',
  х: 'h',
  ц: 'c',
  ч: 'ch',
  ш: 'sh',
  щ: 'sh',
  ъ: '',
  ы: 'i',
  ь: '',
  э: 'e',
  ю: 'u',
  я: 'a',
}

/** A key under which `svarshik`, `svarschik` and `сварщик` are the same. */
export function soundOf(word: string): string {
  const roman = Array.from(word, (letter) => ROMAN[letter] ?? letter).join('')
  return roman
    .replace(/shch|sch/g, 'sh')
    .replace(/kh/g, 'h')
    .replace(/ts|tz/g, 'c')
    .replace(/y([aeou])/g, '$1')
    .replace(/i([aou])/g, '$1')
    .replace(/[yj]/g, 'i')
    .replace(/w/g, 'v')
    .replace(/ph/g, 'f')
    .replace(/ii+/g, 'i')
    .replace(/(.)\1/g, '$1')
}
