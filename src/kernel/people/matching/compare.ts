import { type Pair, wordAligner } from './align.ts'
import { compareBirths } from './birth.ts'
import { L } from './likeness.ts'
import { PARTS, type Roll } from './roll.ts'
import { leastSlips, lettersOf, slipsBetween } from './slips.ts'

/** Fields that every comparison has, in their order; the roll's own values follow. Names without parts take `first`, `second`, `third`: their words from the best agreement down. */
export const FIELDS = ['family', 'given', 'patronymic', 'first', 'second', 'third', 'birth', 'sex', 'document'] as const
export const F = {
  family: 0,
  given: 1,
  patronymic: 2,
  first: 3,
  second: 4,
  third: 5,
  birth: 6,
  sex: 7,
  document: 8,
  values: 9,
} as const

/**
 * How two records agree: by field a level, and the word, date or value it is about (the commoner of the two). `doubtful`: a slip lies
 * between two words that are no surnames, or the one only begins the other, so that they may as well be two names: twins are called
 * Ҳалим and Салим, and no list has all names. `unnamed`: no word that may be a given name stands in both, or only its first letter; twins differ in nothing else.
 * `neighbours`: the numbers of two documents follow each other, as those of twins do.
 */
export type Comparison = {
  levels: Uint8Array
  terms: Int32Array
  doubtful: boolean
  unnamed: boolean
  neighbours: boolean
}

export const emptyComparison = (roll: Roll): Comparison => ({
  levels: new Uint8Array(F.values + roll.headings.length),
  terms: new Int32Array(F.values + roll.headings.length),
  doubtful: false,
  unnamed: false,
  neighbours: false,
})

/** How often each word, date and value stands in a roll, and how many know one: by field. */
export type Counts = { of: (field: number) => Int32Array; known: (field: number) => number }

/** Counts a roll's words (by part of the name), dates, documents and values; each field when it is first asked for. */
export function countTerms({ columns, words, births, documents, values, headings }: Omit<Roll, 'ids'>): Counts {
  const V = headings.length
  const wordsOfPart = (part: number) => {
    const counts = new Int32Array(words.length)
    for (let p = part; p + 1 < columns.wordAt.length; p += PARTS.length)
      for (let at = columns.wordAt[p]!; at < columns.wordAt[p + 1]!; at++) counts[columns.word[at]!]!++
    return counts
  }
  // Number 0 is "not known".
  const tally = (size: number, numbers: ArrayLike<number>, from = 0, step = 1) => {
    const counts = new Int32Array(size)
    for (let at = from; at < numbers.length; at += step) counts[numbers[at]!]!++
    counts[0] = 0
    return counts
  }
  const count = (field: number): Int32Array => {
    if (field < F.first) return wordsOfPart(field)
    if (field > F.first && field < F.birth) return of(F.first)
    if (field === F.birth) return tally(births.length, columns.birth)
    if (field === F.sex) return tally(3, columns.sex)
    if (field === F.document) return tally(documents.length, columns.document)
    if (field >= F.values) return tally(values.length, columns.value, field - F.values, V)
    const whole = new Int32Array(words.length)
    for (let at = 0; at < columns.word.length; at++) whole[columns.word[at]!]!++
    return whole
  }
  const counted: Int32Array[] = []
  const of = (field: number): Int32Array => (counted[field] ??= count(field))
  return { of, known: (field) => of(field).reduce((sum, count) => sum + count, 0) }
}

const CACHE = 1 << 20

// Which of several names of two records is compared: the pair that agrees best.
const GOODNESS = [0, 10, 9, 7, 6, 5, 2, 0, 4, -8]

/** Compares records of one roll with each other; keeps what it found out about pairs of words. Symmetric. */
export function recordComparer(roll: Roll, counts: Counts): (a: number, b: number, into: Comparison) => void {
  const { columns, words, births, documents, values } = roll
  const V = roll.headings.length
  const count = counts.of(F.first)
  const { levelOf, commoner, align: alignWords } = wordAligner(words, count)

  const valueMemory = new Map<number, number>()
  function valueLevel(a: number, b: number): number {
    if (a === b) return L.exact
    const key = Math.min(a, b) * values.length + Math.max(a, b)
    let level = valueMemory.get(key)
    if (level === undefined) {
      if (valueMemory.size > CACHE) valueMemory.clear()
      level = compareValues(values[a]!, values[b]!)
      valueMemory.set(key, level)
    }
    return level
  }

  const found: Pair[] = []
  const [left, right]: [number[], number[]] = [[], []]
  function align(a0: number, a1: number, b0: number, b1: number): void {
    left.length = right.length = 0
    for (let at = a0; at < a1; at++) if (!left.includes(columns.word[at]!)) left.push(columns.word[at]!)
    for (let at = b0; at < b1; at++) if (!right.includes(columns.word[at]!)) right.push(columns.word[at]!)
    alignWords(left, right, found)
  }

  // Two known given names are never slips of each other, so one of the two is in no list: a slip of the other's bearer, or a name.
  // Only where each of them ends like one is it a surname; and none is where only a given name stands: Шерзод is no son of a Шер.
  const isDoubtful = (level: number, a: number, b: number, given = false) =>
    (level === L.near || level === L.far || level === L.part) && (given || !words[a]!.derived || !words[b]!.derived)

  // What both have is no given name: a letter, which twins share, or a surname or patronymic, in whatever part it stands.
  const isLetter = (word: number) => words[word]!.sound.length === 1

  // One part of a name against one of another; the term is left in `partTerm`, and whether words may be two names.
  let partDoubtful = false
  let partTerm = 0
  function partLevel(a: number, p: number, b: number, q: number): number {
    const [a0, a1] = [columns.wordAt[a * 4 + p]!, columns.wordAt[a * 4 + p + 1]!]
    const [b0, b1] = [columns.wordAt[b * 4 + q]!, columns.wordAt[b * 4 + q + 1]!]
    if (a0 === a1 || b0 === b1) return L.unknown
    if (a1 - a0 === 1 && b1 - b0 === 1) {
      partTerm = commoner(columns.word[a0]!, columns.word[b0]!)
      const level = levelOf(columns.word[a0]!, columns.word[b0]!)
      partDoubtful = isDoubtful(level, columns.word[a0]!, columns.word[b0]!, p === F.given && q === F.given)
      return level
    }
    align(a0, a1, b0, b1)
    partDoubtful = found.some(({ level, left, right }) =>
      isDoubtful(level, left, right, p === F.given && q === F.given),
    )
    const best = found[0]!
    const worst = found.at(-1)!
    partTerm = best.term
    if (worst.level === L.differs) return best.level < L.part ? L.far : L.differs
    return a1 - a0 === b1 - b0 ? worst.level : Math.max(worst.level, L.part)
  }

  function compareParts(a: number, b: number, into: Comparison): void {
    const { levels, terms } = into
    for (let p: number = F.family; p <= F.patronymic; p++) {
      partDoubtful = false
      levels[p] = partLevel(a, p, b, p)
      terms[p] = partTerm
      if (p === F.given) into.doubtful = partDoubtful
    }
    const [level, given] = [levels[F.given]!, terms[F.given]!]
    into.unnamed = level === L.unknown || (level < L.differs && (isLetter(given) || words[given]!.derived))
    levels[F.first] = levels[F.second] = levels[F.third] = L.unknown
    if (levels[F.family]! !== 0 && levels[F.family]! < L.part) return
    if (levels[F.given]! !== 0 && levels[F.given]! < L.part) return
    partDoubtful = false
    const crossed = partLevel(a, F.family, b, F.given)
    const crossedTerm = partTerm
    const crossedDoubtful = partDoubtful
    partDoubtful = false
    const back = partLevel(a, F.given, b, F.family)
    // Нур Алиев is not Алӣ Нуров: one of the two must agree in more than the stem.
    const agrees = (level: number) => level !== L.unknown && level !== L.stem && level <= L.near
    if (Math.max(crossed, back) > L.far || (!agrees(crossed) && !agrees(back))) return
    into.doubtful = crossedDoubtful || partDoubtful
    const mayBeGiven = (level: number, word: number) => level !== L.unknown && !words[word]!.derived && !isLetter(word)
    into.unnamed = !mayBeGiven(crossed, crossedTerm) && !mayBeGiven(back, partTerm)
    // One exchange is one event: the surname's heading bears its weight.
    levels[F.family] = L.crossed
    terms[F.family] = crossed === L.unknown ? partTerm : crossedTerm
    levels[F.given] = crossed === L.unknown || back === L.unknown ? L.unknown : L.crossed
    terms[F.given] = partTerm
  }

  function compareWhole(a: number, b: number, into: Comparison): void {
    const { levels, terms } = into
    align(columns.wordAt[a * 4]!, columns.wordAt[a * 4 + 4]!, columns.wordAt[b * 4]!, columns.wordAt[b * 4 + 4]!)
    into.doubtful = found.some(({ level, left, right }) => isDoubtful(level, left, right))
    into.unnamed = !found.some(
      ({ level, left, right }) =>
        level < L.differs && !isLetter(left) && !isLetter(right) && !(words[left]!.derived && words[right]!.derived),
    )
    found.sort(
      (x, y) => x.level - y.level || (x.level === L.differs ? 0 : count[x.term]! - count[y.term]! || x.term - y.term),
    )
    for (let p = F.family; p <= F.patronymic; p++) levels[p] = L.unknown
    let agrees = true
    for (let slot = 0; slot < 3; slot++) {
      // The third stands for all that follow: the worst of them. After words that differ there are only such: that says nothing new.
      const entry = slot === 2 && found.length > 3 ? found.at(-1)! : found[slot]
      levels[F.first + slot] = agrees && entry ? entry.level : L.unknown
      terms[F.first + slot] = entry?.term ?? 0
      agrees = entry?.level !== L.differs
    }
  }

  const inParts = (name: number) => columns.wordAt[name * 4 + 3]! > columns.wordAt[name * 4]!
  const compareNames = (a: number, b: number, into: Comparison) =>
    inParts(a) && inParts(b) ? compareParts(a, b, into) : compareWhole(a, b, into)

  const kept = { levels: new Uint8Array(F.birth), terms: new Int32Array(F.birth), doubtful: false, unnamed: false }
  function compareBestNames(a: number, b: number, into: Comparison): void {
    const [a0, a1, b0, b1] = [columns.nameAt[a]!, columns.nameAt[a + 1]!, columns.nameAt[b]!, columns.nameAt[b + 1]!]
    if (a1 - a0 === 1 && b1 - b0 === 1) return compareNames(a0, b0, into)
    into.levels.fill(0, 0, F.birth)
    into.doubtful = into.unnamed = false
    let best = Number.NEGATIVE_INFINITY
    for (let x = a0; x < a1; x++)
      for (let y = b0; y < b1; y++) {
        compareNames(x, y, into)
        let goodness = 0
        for (let f = 0; f < F.birth; f++) goodness += GOODNESS[into.levels[f]!]!
        if (goodness <= best) continue
        best = goodness
        kept.levels.set(into.levels.subarray(0, F.birth))
        kept.terms.set(into.terms.subarray(0, F.birth))
        kept.doubtful = into.doubtful
        kept.unnamed = into.unnamed
      }
    if (best === Number.NEGATIVE_INFINITY) return
    into.levels.set(kept.levels)
    into.terms.set(kept.terms)
    into.doubtful = kept.doubtful
    into.unnamed = kept.unnamed
  }

  // Where nobody stated it the names may: Каримов Азиз is not Каримова Азиза. That they do not contradict says nothing new.
  function sexLevel(a: number, b: number): number {
    const [left, right] = [columns.sex[a]!, columns.sex[b]!]
    if (left > 0 && right > 0) return left === right ? L.exact : L.differs
    const [one, other] = [left || columns.sexOfName[a]!, right || columns.sexOfName[b]!]
    return one > 0 && other > 0 && one !== other ? L.differs : L.unknown
  }

  return (a, b, into) => {
    const { levels, terms } = into
    compareBestNames(a, b, into)
    const [birthA, birthB] = [columns.birth[a]!, columns.birth[b]!]
    levels[F.birth] = compareBirths(births[birthA]!, births[birthB]!)
    terms[F.birth] = birthA
    levels[F.sex] = sexLevel(a, b)
    terms[F.sex] = columns.sex[a]!
    levels[F.document] = L.unknown
    into.neighbours = false
    for (let x = columns.documentAt[a]!; x < columns.documentAt[a + 1]!; x++)
      for (let y = columns.documentAt[b]!; y < columns.documentAt[b + 1]!; y++) {
        const [left, right] = [columns.document[x]!, columns.document[y]!]
        const [here, there] = [columns.country[x]!, columns.country[y]!]
        const level =
          here > 0 && there > 0 && here !== there
            ? abroad(left === right)
            : left === right
              ? L.exact
              : compareDocuments(documents[left]!, documents[right]!)
        if (level === L.near && areNeighbours(documents[left]!, documents[right]!)) into.neighbours = true
        if (levels[F.document] !== 0 && level >= levels[F.document]!) continue
        levels[F.document] = level
        terms[F.document] = left
      }
    for (let v = 0; v < V; v++) {
      const [left, right] = [columns.value[a * V + v]!, columns.value[b * V + v]!]
      levels[F.values + v] = left === 0 || right === 0 ? L.unknown : valueLevel(left, right)
      terms[F.values + v] = Math.min(left, right)
    }
  }
}

// Two countries number their passports without asking each other. Equal numbers may still be one whose country was mistaken.
const abroad = (equal: boolean) => (equal ? L.part : L.differs)

/** Document numbers: equal, one slip, the digits without the series, or another one. */
export function compareDocuments(a: string, b: string): number {
  if (a === b) return L.exact
  if (Math.min(a.length, b.length) >= 5 && isOneSlip(a, b)) return L.near
  const [short, long] = a.length < b.length ? [a, b] : [b, a]
  return short.length >= 6 && long.endsWith(short) ? L.part : L.differs
}

// A family fetches its passports on one day, with a few others in between.
const NEIGHBOURS = 20
const areNeighbours = (a: string, b: string) => {
  const [one, other] = [a, b].map((number) => /^(.*?)(\d{1,15})$/.exec(number))
  return one?.[1] === other?.[1] && Math.abs(Number(one?.[2]) - Number(other?.[2])) < NEIGHBOURS
}

// One sign changed, lost or added, or two neighbours exchanged.
function isOneSlip(a: string, b: string): boolean {
  let from = 0
  let [endA, endB] = [a.length, b.length]
  if (Math.abs(endA - endB) > 1) return false
  while (from < endA && from < endB && a[from] === b[from]) from++
  while (endA > from && endB > from && a[endA - 1] === b[endB - 1]) {
    endA--
    endB--
  }
  if (endA - from <= 1 && endB - from <= 1) return true
  return endA - from === 2 && endB - from === 2 && a[from] === b[from + 1] && a[from + 1] === b[from]
}

const NEAR_RATE = 0.15
const FAR_RATE = 0.3

/** Any other values: equal, all words of one in the other, slips, a word in common that is half of them, or nothing. */
export function compareValues(a: string, b: string): number {
  if (a === b) return L.exact
  const length = Math.max(a.length, b.length)
  const most = Math.max(1, FAR_RATE * length)
  const slips = leastSlips(lettersOf(a), lettersOf(b)) > most ? most + 1 : slipsBetween(a, b, most)
  if ((slips <= 1 && length >= 4) || slips <= NEAR_RATE * length) return L.near
  const common = commonLetters(a, b)
  if (common === Math.min(a.length, b.length)) return L.variant
  if (common >= length / 2) return L.part
  return slips <= most && length >= 3 ? L.far : L.differs
}

// How many letters of the shorter value stand in words that both have, blanks between them included.
function commonLetters(a: string, b: string): number {
  if (!a.includes(' ') && !b.includes(' ')) return 0
  const words = (a.length < b.length ? b : a).split(' ')
  const common = (a.length < b.length ? a : b).split(' ').filter((word) => words.includes(word))
  return common.reduce((sum, word) => sum + word.length + 1, -1)
}
