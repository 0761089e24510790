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
 * (уборщица, официантка), the Tajik izofat and plural, the English plural, the Uzbek one of trades. Deliberately light: it never guesses roots.
 * @param word folded, see `fold`
 */
export function stem(word: string): string {
  if (/^[a-z]/.test(word))
    return word
      .replace(/(?<=[a-z]{3}[^s])s$|(?<=chi)lar$/, '')
      .replace(/(?<=[a-z]{3})women$|(?<=[a-z]{3})woman$|(?<=[a-z]{3})men$/, 'man')
  if (word.length < 4 || !/^[а-я]/.test(word)) return word
  const tajik = word
    .replace(/(?<=и)ени?$/, '')
    .replace(/(?<=..)гарони?$/, 'гар')
    .replace(/ндагони?$/, 'нда')
    .replace(/(?<=.{4})хои?$/, '')
    .replace(/кунанда$/, 'кун')
    .replace(/(?<=..[аоу])и$/, '')
  if (tajik !== word) return stem(tajik)
  const ending = ENDINGS.find((e) => word.endsWith(e) && word.length - e.length >= 3)
  const cut = ending ? word.slice(0, -ending.length) : word
  return cut
    .replace(/(?<=.{5})он$/, '')
    .replace(/(щ|ч)иц$/, '$1ик')
    .replace(/(?<=.{3})ниц$/, 'ник')
    .replace(/(?<=..)антк$/, 'ант')
    .replace(/(?<=...)арк$/, 'ар')
    .replace(/(?<=..)(ец|иц)$/, 'ц')
    .replace(/(?<=...)ок$/, 'к')
    .replace(/^продавщик$/, 'продавц')
}

/** A word without its ending, which is all that is left out: a beginning of all its forms. */
export function beginningOf(word: string): string {
  if (/^[a-z]/.test(word)) return stem(word)
  const ending = ENDINGS.find((e) => word.endsWith(e) && word.length - e.length >= 4)
  return ending ? word.slice(0, -ending.length) : word
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

// What a Tajik does with the matter of the trade: хишт-чин, хишт-рез, кафш-дӯз, нон-паз.
const DOERS =
  /(?<=.{3})(парвар|кунанда|фуруш|тарош|банд|гудоз|мол|чин|рез|паз|дуз|пуш|рон|соз|шуй|руб|кор|каш|бур|дор)$/

// What makes a trade of a matter, or a matter of a trade: свар-щик, свар-ка; баркчи, барк; weld-er, weld-ing.
const SUFFIXES =
  'ировщик овщик льщик тельн щик чик тел ник ниц очн иц их ечк ш ист овк ировк ирован ован ени ани ск к н ing er'.split(
    ' ',
  )

/**
 * What a word and the trade that belongs to it share: `свар` of сварка and сварщик. Null when too little remains to tell.
 * Much ruder than `stem`: good for a guess where nothing else fits.
 */
export function rootOf(word: string): string | null {
  // Where it is done: дорухона, сартарошхона.
  const place = word.replace(/(?<=.{3})хонаи?$/, '')
  if (place !== word) return rootOf(place) ?? place
  const matter = word.replace(DOERS, '')
  if (matter !== word) return matter
  // Tajik: the trade's matter in -гӣ, its person in -чӣ.
  const cut = stem(word.replace(/(?<=.{4})(гари|гар|чи|ги)$/, ''))
    .replace(/й$/, 'и')
    .replace(/(?<=[a-z]{3})e$/, '')
  const suffix = SUFFIXES.find((end) => cut.endsWith(end) && cut.length - end.length >= 4)
  const root = suffix ? cut.slice(0, -suffix.length) : cut
  return root.length >= 4 ? root.replace(/й$/, 'и').replace(/(?<=.{4})[еиь]$/, '') : null
}
