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
    .replace(/(?<=.{4}(хо|он))ро$/, '')
    .replace(/(?<=.{4})хои?$/, '')
    .replace(/кунанда$/, 'кун')
    .replace(/(?<=..чи)и$/, '')
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
    .replace(/^автомобил$/, 'авт')
}

/** A word without its ending, which is all that is left out: a beginning of all its forms. */
export function beginningOf(word: string): string {
  if (/^[a-z]/.test(word)) return stem(word)
  const ending = ENDINGS.find((e) => word.endsWith(e) && word.length - e.length >= 4)
  return ending ? word.slice(0, -ending.length) : word
}

const TAJIK_ENDINGS = 'и хо хои он они ро'.split(' ')

/** A word with each ending that it may have, among them what is none: nobody writes that. */
export function formsOf(word: string): string[] {
  const beginning = beginningOf(word)
  if (/^[a-z]/.test(word)) return [...new Set([word, beginning, `${beginning}s`])]
  return [
    ...new Set([
      word,
      beginning,
      ...ENDINGS.map((end) => beginning + end),
      ...TAJIK_ENDINGS.flatMap((end) => [beginning + end, word + end]),
    ]),
  ]
}

/** Whether a folded word only joins others. */
export const joins = (word: string) => JOINING.has(word)

// Nouns that look like adjectives.
const NOUNS = new Set(
  'рабочий рабочая горничная заведующий заведующая управляющий управляющая дежурный служащий военнослужащий портной рулевой уполномоченный'.split(
    ' ',
  ),
)

// They only end like verbs.
const NO_VERBS = new Set('печать кровать сеть нить мать рать знать части гости власти ватан'.split(' '))

/** Whether a folded word says what somebody does: чинить, таъмир кардан. */
export const isVerb = (word: string) =>
  word.length > 3 && /([аеиоуыя]ть|печь|стричь|(?<!о)сти|..[дт]ани?)$/.test(word) && !NO_VERBS.has(word)

/** Whether a folded Russian word is an adjective or participle by its ending. */
export const isAdjective = (word: string) =>
  word.length > 4 && !NOUNS.has(word) && /(ый|ий|ой|ая|яя|ое|ее|ые|ие|ого|его)$/.test(word)

// What a Tajik does with the matter of the trade: хишт-чин, хишт-рез, кафш-дӯз, нон-паз. Who does it with something that no
// name tells of is nevertheless of that trade: себ-чин, пиёз-фурӯш.
const DOERS: Record<string, string | null> = {
  парвар: '6121',
  фуруш: '5223',
  чин: '9211',
  паз: '5120',
  дуз: '7531',
  рон: '8322',
  боф: '8152',
  шуй: null,
  кунанда: null,
  тарош: null,
  банд: null,
  гудоз: null,
  мол: null,
  мон: null,
  рез: null,
  пуш: null,
  соз: null,
  руб: null,
  кор: null,
  каш: null,
  бур: null,
  дор: null,
}
const DOER = new RegExp(`(?<=[а-я]{3})(${Object.keys(DOERS).join('|')})$`)

/** The unit group of whoever does that with anything (`себчинӣ`); null for all other words. */
export function doingOf(word: string): string | null {
  const doer = DOER.exec(stem(word).replace(/(?<=.{4})и$/, ''))?.[1]
  return doer ? DOERS[doer]! : null
}

// What makes a trade of a matter, or a matter of a trade: свар-щик, свар-ка, свар-ить; баркчи, барк; weld-er, weld-ing.
const SUFFIXES =
  'ировщик овщик льщик щик чик тельн тел ировать овать ивать ывать ать ить еть ять ник ниц очн иц их ечк ш ист овк ировк ирован ован ени ани ск к н ing ment er ly y'.split(
    ' ',
  )

/**
 * What a word and the trade that belongs to it may share: `свар` of сварка and сварщик, both `обвал` and `обва` of обвальщик.
 * None when too little remains to tell. Much ruder than `stem`: good for a guess where nothing else fits.
 */
export function rootsOf(word: string): string[] {
  // Where it is done: дорухона, сартарошхона.
  const place = word.replace(/(?<=.{3})хонаи?$/, '')
  if (place !== word) return rootsOf(place).length > 0 ? rootsOf(place) : [place]
  // Tajik: the trade's matter in -гӣ, its person in -чӣ.
  const bare = stem(word.replace(/(?<=.{4})(гари|гар|чи|ги)$/, ''))
  const matter = bare.replace(/(?<=.{4})и$/, '').replace(DOER, '')
  if (/^[а-я]/.test(word) && matter !== bare.replace(/(?<=.{4})и$/, '')) return [matter]
  const cut = bare.replace(/й$/, 'и').replace(/(?<=[a-z]{3})e$/, '')
  const cuts = SUFFIXES.filter((end) => cut.endsWith(end) && cut.length - end.length >= 4)
  const found = cuts.length === 0 ? [cut] : cuts.map((end) => cut.slice(0, -end.length))
  const trimmed = found.map((root) => root.replace(/й$/, 'и').replace(/(?<=.{4})[еиь]$/, ''))
  return [...new Set(trimmed)].filter((root) => root.length >= 4)
}
