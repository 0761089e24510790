import { GIVEN } from '#kernel/people/matching/lists.ts'
import type { PersonRecord } from '#kernel/people/matching/roll.ts'
import { inScript, type Script } from './romanise.ts'

/** Headings of the further values of simulated records. */
export const SIMULATED_HEADINGS = ['citizenship', 'district'] as const

type Person = {
  family: string
  given: string
  patronymic: string
  sex: 'male' | 'female'
  birth: number
  document: string
  citizenship: string
  district: string
}

const DISTRICTS = Array.from({ length: 68 }, (_, number) => `Ноҳияи ${number + 1}`)
const BOYS = GIVEN.filter(({ sex }) => sex === 'm').map(({ spellings }) => spellings[0]!)
const GIRLS = GIVEN.filter(({ sex }) => sex === 'f').map(({ spellings }) => spellings[0]!)
const FAMILY_ENDINGS: readonly [string, number][] = [
  ['ов', 60],
  ['зода', 18],
  ['ӣ', 6],
  ['иён', 3],
  ['пур', 1],
  ['фар', 1],
  ['', 11],
]
const SCRIPTS: readonly Script[] = ['tajik', 'keyboard', 'russian', 'bgn', 'icao', 'common']

/** A reproducible source of numbers from 0 to 1. */
export function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** What makes simulated people harder: names that stand in no list, and twins whose names rhyme; both as shares. */
type Harder = { unknown?: number; twins?: number }

// Of a name another that nobody bears: its consonants by these. Not ҳ by й: Зойир is how some spell Зоҳир.
const OTHERS = new Map(
  Array.from('бдгвзжклмнпрстфхшчҷқҳБДГВЗЖКЛМНПРСТФХШЧҶҚҲ', (letter, at) => [
    letter,
    'дбвгжзтрнмфлксхпчшқҷғДБВГЖЗТРНМФЛКСХПЧШҚҶҒ'[at]!,
  ]),
)
const invented = (name: string) => Array.from(name, (letter) => OTHERS.get(letter) ?? letter).join('')
/** The same for one letter only, after the first or at it: what rhymes. */
function rhymeOf(name: string, random: () => number): string {
  const consonants = Array.from(name, (letter, at) => (OTHERS.has(letter) ? at : -1)).filter((at) => at >= 0)
  const at = random() < 0.6 ? (consonants[0] ?? 0) : consonants[Math.floor(random() * consonants.length)]!
  return name.slice(0, at) + (OTHERS.get(name[at]!) ?? 'Н') + name.slice(at + 1)
}

/**
 * People as they live: families of a father and several brothers and sisters, who share surname, patronymic and district; common
 * names much commoner than rare ones; one in twelve born, by the papers, on 1 January.
 */
export function* simulatePeople(
  count: number,
  random: () => number,
  { unknown = 0, twins = 0 }: Harder = {},
): Generator<Person> {
  const below = (n: number) => Math.floor(random() * n)
  const common = (names: readonly string[]) => names[Math.floor(names.length * random() ** 1.7)]!
  const inLists = (name: string, at: number) => (at % 10 < unknown * 10 ? invented(name) : name)
  const boys = shuffled(BOYS, random).map(inLists)
  const girls = shuffled(GIRLS, random).map(inLists)
  let last = 10_000_000
  const nextSerial = () => scattered((last += 3))
  let serial = nextSerial()
  for (let made = 0; made < count; ) {
    const grandfather = common(boys)
    const father = common(boys)
    const ending = weighted(FAMILY_ENDINGS, random)
    const district = DISTRICTS[below(DISTRICTS.length)]!
    const year = 1955 + below(35)
    const given = new Set<string>()
    const children = 1 + below(5)
    for (let child = -1; child < children && made < count; child++) {
      if (child < 0 && random() < 0.6) continue
      const sex = child < 0 || random() < 0.7 ? 'male' : 'female'
      const name = child < 0 ? father : common(sex === 'male' ? boys : girls)
      if (given.has(name)) continue
      given.add(name)
      // Now and then two of a family fetch their passports on one day.
      serial = random() < 0.05 ? serial + 1 : nextSerial()
      const day = random() < 0.085 ? 101 : (1 + below(12)) * 100 + 1 + below(28)
      const person: Person = {
        family: surname(grandfather, ending, sex),
        given: name,
        patronymic: patronymic(child < 0 ? grandfather : father, sex, random),
        sex,
        birth: (child < 0 ? year : year + 20 + child * 2 + below(2)) * 10_000 + day,
        document: `A${serial}`,
        citizenship: random() < 0.95 ? 'TJ' : random() < 0.8 ? 'RU' : 'UZ',
        district,
      }
      yield person
      made++
      if (twins === 0 || made === count || random() >= twins) continue
      // The other of two: everything the same but the name, which rhymes, and the passport, which is often the next.
      serial = random() < 0.5 ? serial + 1 : nextSerial()
      yield { ...person, given: rhymeOf(name, random), document: `A${serial}` }
      made++
    }
  }
}

// Numbers one after the other come to lie far apart, none twice.
const scattered = (number: number) => 10_000_000 + ((number * 48_271) % 89_999_999)

const surname = (base: string, ending: string, sex: 'male' | 'female') =>
  ending === 'ов'
    ? russianEnding(base, sex === 'male' ? 'ов' : 'ова')
    : ending === 'ӣ' && /[ӣаоеу]$/.test(base)
      ? base
      : base + ending

function patronymic(father: string, sex: 'male' | 'female', random: () => number): string {
  const way = random()
  if (way < 0.6) return russianEnding(father, sex === 'male' ? 'ович' : 'овна')
  return way < 0.75 ? `${father}зода` : father
}

// Алӣ → Алиев, Мирзо → Мирзоев, Раҳим → Раҳимов.
function russianEnding(base: string, ending: string): string {
  const soft = ending.replace(/^о/, 'е')
  return /[ӣи]$/.test(base) ? `${base.slice(0, -1)}и${soft}` : /[аоеуъ]$/.test(base) ? base + soft : base + ending
}

const weighted = (choices: readonly [string, number][], random: () => number): string => {
  let at = random() * choices.reduce((sum, [, weight]) => sum + weight, 0)
  return choices.find(([, weight]) => (at -= weight) < 0)![0]
}

const shuffled = <T>(items: readonly T[], random: () => number): T[] =>
  items
    .map((item) => ({ item, at: random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item)

/** A person's record as a careful office writes it, in a script of its own choice. */
export function recordOf(person: Person, id: string, script: Script): PersonRecord {
  const name = {
    family: inScript(person.family, script),
    given: inScript(person.given, script),
    patronymic: inScript(person.patronymic, script),
  }
  return {
    id,
    names: [name],
    birth: person.birth,
    sex: person.sex,
    documents: [person.document],
    values: [person.citizenship, person.district],
  }
}

/** The same person written by another office: another script and ending, and `errors` mistakes of different kinds. */
export function mistakenRecord(
  person: Person,
  id: string,
  errors: number,
  random: () => number,
): { record: PersonRecord; kinds: string[] } {
  const script = SCRIPTS[Math.floor(random() * SCRIPTS.length)]!
  const changed = { ...person, family: random() < 0.1 ? otherEnding(person) : person.family }
  const record = recordOf(changed, id, script)
  const kinds: string[] = []
  while (kinds.length < errors) {
    const kind = weighted(MISTAKES, random)
    if (kinds.includes(kind)) continue
    kinds.push(kind)
    makeMistake(kind, record, random)
  }
  return { record, kinds }
}

// -ов comes and goes with the papers: both ways are lawful.
function otherEnding({ family, sex }: Person): string {
  const base = family.replace(/(ова?|ева?|зода|иён|пур|фар)$/, '')
  return base === family ? russianEnding(family, sex === 'male' ? 'ов' : 'ова') : `${base}зода`
}

// How often what goes wrong; the shares are assumptions, stated here.
const MISTAKES: readonly [kind: string, weight: number][] = [
  ['letter in the surname', 18],
  ['letter in the given name', 16],
  ['letter in the patronymic', 12],
  ['patronymic left out', 12],
  ['surname and given name exchanged', 8],
  ['name in one column', 6],
  ['day and month exchanged', 6],
  ['digit of the birth date', 6],
  ['1 January', 4],
  ['digit of the document', 6],
  ['new document', 4],
  ['district moved', 6],
  ['sex left out', 4],
]

function makeMistake(kind: string, record: PersonRecord, random: () => number): void {
  const name = record.names[0]!
  const birth = record.birth!
  const change = record as { -readonly [K in keyof PersonRecord]: PersonRecord[K] }
  const [year, month, day] = [Math.floor(birth / 10_000), Math.floor(birth / 100) % 100, birth % 100]
  if (kind === 'letter in the surname') name.family = withSlip(name.family ?? '', random)
  else if (kind === 'letter in the given name') name.given = withSlip(name.given ?? '', random)
  else if (kind === 'letter in the patronymic') name.patronymic = withSlip(name.patronymic ?? '', random)
  else if (kind === 'patronymic left out') delete name.patronymic
  else if (kind === 'surname and given name exchanged')
    change.names = [{ ...name, family: name.given, given: name.family }]
  else if (kind === 'name in one column')
    change.names = [{ whole: [name.family, name.given, name.patronymic].filter(Boolean).join(' ') }]
  else if (kind === 'day and month exchanged') change.birth = year * 10_000 + day * 100 + month
  else if (kind === 'digit of the birth date') change.birth = Number(withDigit(String(birth), random))
  else if (kind === '1 January') change.birth = year * 10_000 + 101
  else if (kind === 'digit of the document') change.documents = [withDigit(record.documents[0]!, random)]
  else if (kind === 'new document') change.documents = [`B${10_000_000 + Math.floor(random() * 89_999_999)}`]
  else if (kind === 'district moved')
    change.values = [record.values[0]!, DISTRICTS[Math.floor(random() * DISTRICTS.length)]!]
  else change.sex = null
}

function withSlip(word: string, random: () => number): string {
  if (word.length < 3) return word
  const at = 1 + Math.floor(random() * (word.length - 1))
  const letters = /[a-z]/i.test(word) ? 'aeioukhrsntdlm' : 'аеиоукхрснтдлм'
  const letter = letters[Math.floor(random() * letters.length)]!
  const way = random()
  if (way < 0.3) return word.slice(0, at) + word.slice(at + 1)
  if (way < 0.55) return word.slice(0, at) + letter + word.slice(at)
  if (way < 0.8 || at + 1 >= word.length) return word.slice(0, at) + letter + word.slice(at + 1)
  return word.slice(0, at) + word[at + 1]! + word[at]! + word.slice(at + 2)
}

function withDigit(digits: string, random: () => number): string {
  const at = digits.length - 1 - Math.floor(random() * (digits.length - 2))
  const digit = (Number(digits[at]) + 1 + Math.floor(random() * 9)) % 10
  return digits.slice(0, at) + digit + digits.slice(at + 1)
}
