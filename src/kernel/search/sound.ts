// Letters of a Latin spelling of Russian and Tajik, with the spellings that people use for the same letter made one.
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

const RESPELLINGS: readonly [RegExp, string][] = [
  [/zh?ch|sch/g, 'sh'],
  [/kh/g, 'h'],
  [/gh/g, 'g'],
  [/q/g, 'k'],
  [/ts|tz/g, 'c'],
  [/y([aeou])/g, '$1'],
  [/i([aeou])/g, '$1'],
  [/[yj]/g, 'i'],
  [/w/g, 'v'],
  [/ph/g, 'f'],
  [/(.)\1+/g, '$1'],
]

// Spellings of Latin letters only: шч is no щ (хиштчин).
const LATIN_RESPELLINGS: readonly [RegExp, string][] = [
  [/shch/g, 'sh'],
  [/ck/g, 'k'],
]

/**
 * A key under which the spellings of a word in Latin and Cyrillic letters are the same: `svarshik`, `svarschik`, `сварщик`.
 * @param word folded, see `fold`
 */
export function soundOf(word: string): string {
  const roman = Array.from(word, (letter) => ROMAN[letter] ?? letter).join('')
  const rules = roman === word ? [...LATIN_RESPELLINGS, ...RESPELLINGS] : RESPELLINGS
  return rules.reduce((text, [from, to]) => text.replace(from, to), roman)
}

/**
 * The keys that a word in Latin letters may have: j is й, ж or the Tajik ҷ (which folds to ч), x is х or кс,
 * w is в or what it looks like (`svarwik`), yo is ё (which folds to е).
 * One key for everything else.
 */
export function soundsOf(word: string): string[] {
  if (!/^[a-z]+$/.test(word)) return [soundOf(word)]
  const spellings = [
    word,
    word.replace(/dzh|dj|j/g, 'ch'),
    word.replace(/j/g, 'zh'),
    word.replace(/w/g, 'sh'),
    word.replace(/[yj]+o/g, 'e'),
  ].flatMap((spelling) => [spelling.replace(/x/g, 'h'), spelling.replace(/x/g, 'ks')])
  return [...new Set(spellings.map(soundOf))]
}
