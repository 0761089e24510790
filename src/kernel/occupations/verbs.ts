import { asNamed } from './forms.ts'
import type { OccupationIndex } from './occupation-index.ts'
import { doingOf, isVerb, joins, stem } from './words.ts'

/**
 * The words of a search with what people say they do (`хишт мечинам`, `крашу стены`) put as names of trades have it: a
 * Tajik verb joined to its matter (хиштчин), a Russian one as it stands in word lists (красить стены); and a trade's rarer form
 * as its name. As many words as before; others stay as they are, and a verb that says nothing more than its matter repeats it.
 * @param typed folded
 */
export function asTradeWords(index: OccupationIndex, typed: readonly string[]): string[] {
  // Who says it in Tajik says all of it in Tajik: `non mepazam`.
  const spelled = typed.map(inCyrillic)
  const words = !typed.some(isDoing) && spelled.some(isDoing) ? spelled : typed
  const said = words.map((word) => asNamed(index, word))
  for (const at of words.keys()) {
    const stems = tajikStemsAt(words, at)
    if (stems.length > 0) putTajik(index, said, at, stems)
    else said[at] = infinitiveFor(index, words, at) ?? doerOf(index, words, at) ?? said[at]!
    // `ме дӯзам`: the verb stands apart.
    if (words[at - 1] === 'ме' && stems.length > 0) said[at - 1] = said[at]!
  }
  return said
}

/** Whether a folded word is a form of a Tajik verb of work, of which no slip is made. */
export const isDoing = (word: string): boolean => tajikStemsOf(word).length > 0

const tajikStemsAt = (words: readonly string[], at: number) =>
  tajikStemsOf(words[at - 1] === 'ме' ? `ме${words[at]}` : words[at]!)

function putTajik(index: OccupationIndex, said: string[], at: number, stems: readonly string[]): void {
  // `кор мекунам` says no more than кор.
  if (said[at - 1] === 'кор') {
    said[at] = 'кор'
    return
  }
  // What is done stands before, seldom behind.
  const places = [...said.keys()]
    .filter((i) => i !== at && said[i] !== 'ме' && !joins(said[i]!) && !isDoing(said[i]!))
    .toSorted((a, b) => Number(a > at) - Number(b > at) || Math.abs(a - at) - Math.abs(b - at))
  const pairs = places.flatMap((place) =>
    mattersOf(said[place]!).flatMap((matter) => stems.map((own) => ({ place, compound: matter + own }))),
  )
  for (const place of places)
    said[place] = mattersOf(said[place]!).find((one) => index.byStem.has(stem(one))) ?? said[place]!
  const verb = stems.map((own) => INFINITIVES.get(own)!).find((one) => isListed(index, one, said))
  // `барф тоза кардан` is more than тозакун.
  const isWhole = verb !== undefined && isListed(index, verb, said, 3)
  const known = isWhole ? undefined : pairs.find(({ compound }) => index.byStem.has(stem(compound)))
  // Nobody makes a name of it, but what is done tells the trade: себ мечинам.
  const doing = known ?? (verb ? undefined : pairs.find(({ compound }) => doingOf(compound) !== null))
  if (doing) said[doing.place] = said[at] = doing.compound
  else if (verb) said[at] = verb
  else if (places.length > 0) said[at] = said[places[0]!]!
}

// What is done says which verb it is: `крою крыши` covers roofs, `крою ткань` cuts cloth.
function infinitiveFor(index: OccupationIndex, words: readonly string[], at: number): string | undefined {
  const verbs = infinitivesOf(words[at]!)
  const listed = verbs.find((verb) => isListed(index, verb, words))
  return listed ?? (index.byStem.has(stem(words[at]!)) ? undefined : verbs.find((verb) => index.byStem.has(stem(verb))))
}

// `steel fixing` is what a steel fixer does; `house cleaning` is a name itself.
function doerOf(index: OccupationIndex, words: readonly string[], at: number): string | undefined {
  const done = /^([a-z]{2,})ing$/.exec(words[at]!)?.[1]
  if (done === undefined) return undefined
  const others = words.filter((word, i) => i !== at && !joins(word)).map(stem)
  const isName = (word: string) =>
    (index.byStem.get(stem(word)) ?? []).some(
      ({ kind, stems }) =>
        kind === 'term' &&
        stems.length >= Math.min(2, others.length + 1) &&
        stems.every((one) => one === stem(word) || others.includes(one)),
    )
  return isName(words[at]!) ? undefined : [`${done}er`, `${done.replace(/y$/, 'i')}er`].find(isName)
}

// Whether a name has the verb beside one of these words: бор бардоштан. Of three words or more: beside all of its words.
function isListed(index: OccupationIndex, verb: string, words: readonly string[], least = 2): boolean {
  const own = stem(verb)
  const others = new Set(words.filter((word) => !joins(word)).map(stem))
  others.delete(own)
  return (index.byStem.get(own) ?? []).some(({ stems }) =>
    least === 2
      ? stems.some((one) => others.has(one))
      : stems.length >= least && stems.every((one) => one === own || others.has(one)),
  )
}

// Folded, as `fold` does with ғ, қ, ҳ and ҷ.
const CYRILLIC: readonly [RegExp, string][] = Object.entries({
  sh: 'ш',
  ch: 'ч',
  kh: 'х',
  gh: 'г',
  zh: 'ж',
  ya: 'я',
  yu: 'ю',
  yo: 'е',
  ye: 'е',
  a: 'а',
  b: 'б',
  d: 'д',
  e: 'е',
  f: 'ф',
  g: 'г',
  h: 'х',
  i: 'и',
  j: 'ч',
  k: 'к',
  l: 'л',
  m: 'м',
  n: 'н',
  o: 'о',
  p: 'п',
  q: 'к',
  r: 'р',
  s: 'с',
  t: 'т',
  u: 'у',
  v: 'в',
  w: 'в',
  x: 'х',
  y: 'й',
  z: 'з',
}).map(([latin, cyrillic]) => [new RegExp(latin, 'g'), cyrillic])
const inCyrillic = (word: string) => CYRILLIC.reduce((text, [from, to]) => text.replace(from, to), word)

// `зарфҳоро` is зарф.
const mattersOf = (word: string) => [...new Set([word, word.replace(/(?<=.{3})(хо|он)?ро$|(?<=.{3})хо$/, '')])]

// Tajik verbs of work: present stem, past stem. Folded.
const TAJIK_VERBS = (
  'чин чид, дуз духт, паз пухт, рон ронд, шуй шуст, рез рехт, мол молид, пуш пушид, пушон пушонд, кор кошт, кор корид, душ душид, ' +
  'душ чушид, руб руфт, бур бурид, соз сохт, фуруш фурухт, каш кашид, боф бофт, тарош тарошид, мон монд, гузор гузошт, ' +
  'бардор бардошт, фурор фуровард, кун кард, кан канд, чарон чаронд, банд баст, пайванд пайваст, часпон часпонд, парто партофт, ' +
  'андов андовид, дор дошт, дех дод, дих дод, гир гирифт, куб куфт, расон расонд, навис навишт, омузон омузонд, гудоз гудохт, сой соид, ' +
  'пош пошид, шикан шикаст, гардон гардонд'
)
  .split(', ')
  .map((verb) => verb.split(' ') as [string, string])

const INFINITIVES = new Map(TAJIK_VERBS.map(([now, past]) => [now, `${past}ан`]))
const BY_PAST = new Map(TAJIK_VERBS.map(([now, past]) => [past, now]))
// As some valleys say it: гов меҷӯшам.
const DIALECT = new Map([
  ['чуш', 'душ'],
  ['руй', 'руб'],
])

// Present stems that a form may have (мечинам, мепазем, чидан, мешуст); none for other words.
function tajikStemsOf(word: string): string[] {
  const now = /^(?:на)?ме(.{2,7}?)(?:ам|ем|ад|анд|ед|ям|яд|янд)$/.exec(word)?.[1]
  if (now !== undefined) {
    // After a vowel the ending begins with й: мешӯям, мешӯем.
    const glide = `${now}й`
    const found = [now, glide, DIALECT.get(now) ?? '', DIALECT.get(glide) ?? ''].filter((own) => INFINITIVES.has(own))
    if (found.length > 0) return found
  }
  const past = /^(?:на)?(?:ме)?(.{3,8}?)(?:ам|ем|анд|ед|ани?)$/.exec(word)?.[1] ?? ''
  const own = BY_PAST.get(past)
  return own ? [own] : []
}

// Russian verbs whose first person is made of another root than the infinitive, or otherwise than `FIRST_PERSONS` say.
const IRREGULAR = Map.groupBy(
  (
    'печет печь, стрижет стричь, шью шить, мою мыть, крою крыть, крою кроить, рою рыть, пеку печь, стригу стричь, кладу класть, мету мести, пасу пасти, несу нести, веду вести, ' +
    'везу везти, режу резать, вяжу вязать, мажу мазать, чешу чесать, пишу писать, мелю молоть, полю полоть, колю колоть, сижу сидеть, ' +
    'смотрю смотреть, лью лить, пашу пахать, тку ткать, кую ковать, жну жать, лечу лечить, учу учить, перевожу переводить, тружусь трудиться, ' +
    'вожу возить, слежу следить, гоню гнать, рублю рубить, вью вить, строгаю строгать, сею сеять, клею клеить, крашу красить, стелю стелить, ' +
    'плету плести, подметаю подметать, берегу беречь, стерегу стеречь, нянчусь нянчить'
  )
    .split(', ')
    .map((pair) => pair.split(' ') as [string, string]),
  ([first]) => first,
)
const FIRST_PERSONS: readonly [RegExp, readonly string[]][] = [
  [/(ую|юю)$/, ['овать', 'евать']],
  [/аю$/, ['ать', 'авать']],
  [/яю$/, ['ять']],
  [/ею$/, ['еть', 'еять', 'еить']],
  [/ою$/, ['оить', 'ыть']],
  [/(?<=[бпвмф])лю$/, ['ить']],
  [/жу$/, ['дить', 'зить', 'жить', 'деть', 'зать']],
  [/шу$/, ['сить', 'шить', 'сать', 'хать']],
  [/щу$/, ['стить', 'скать', 'щить']],
  [/чу$/, ['тить', 'чить', 'теть', 'кать']],
  [/ю$/, ['ить', 'ять', 'еть']],
  [/у$/, ['ать', 'еть']],
]
// Prefixes that leave the work what it is: помыть, сшить. None that change it: открыть, закрыть.
const PERFECTIVE = /^(по|вы|от(?=рем)|с(?=ши|вя)|при|ис|под)(?=.{4})/

// What a Russian word in the first or third person, or an infinitive with a prefix, may have as its infinitive: крашу, муж
// таксует, помыть.
function infinitivesOf(word: string): string[] {
  if (!/^[а-я]{3,}$/.test(word)) return []
  const bare = word.replace(/(?<=[юу])сь$|(?<=ть?)ся$/, '')
  const simple = bare.replace(PERFECTIVE, '')
  return [...new Set([bare, simple])].flatMap((one) => [
    ...(isVerb(one) ? [one] : []),
    ...firstPerson(one),
    ...thirdPerson(one),
  ])
}

function thirdPerson(word: string): string[] {
  if (/..[ия]т$|..ат$/.test(word)) return [word.replace(/[ияа]т$/, 'ить')]
  const first = /[аеоуьяю][ею]т$/.test(word) ? word.replace(/[ею]т$/, 'ю') : word.replace(/[еу]т$/, 'у')
  return first === word ? [] : firstPerson(first)
}

function firstPerson(word: string): string[] {
  const irregular = (IRREGULAR.get(word) ?? []).map(([, infinitive]) => infinitive)
  const rule = FIRST_PERSONS.find(([ending]) => ending.test(word))
  return [...irregular, ...(rule ? rule[1].map((ending) => word.replace(rule[0], ending)) : [])]
}
