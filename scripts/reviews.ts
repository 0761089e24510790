import { createHash } from 'node:crypto'
import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { LANGUAGES, type Lang } from '#kernel/i18n/languages.ts'

/**
 * Native review of what people read. A sign-off stands in `reviewed.LANG.json` beside `LANG.json` and holds for one
 * wording only: the hash of the sentence is part of it, so a sentence that is changed waits for review again.
 */
export type SignOff = {
  /** The first half of the SHA-256 of the sentence, in hex. */
  hash: string
  /** Initials of the speaker, never a name. */
  by: string
  /** The day of the review. */
  on: string
}

/** One message in one language. */
export type Sentence = {
  /** As the code names it: `vacancies.list.title`. */
  key: string
  text: string
  /** What it has to say. */
  english: string
  /** `waits`: nobody has signed it; `stale`: it was changed after it was signed. */
  state: 'signed' | 'waits' | 'stale'
  /** Where its sign-off stands or will stand. */
  file: string
  /** The key inside that file. */
  local: string
}

/** Every sentence of a language below `root`, in the order of the files. */
export function sentences(root: string, lang: Lang): Sentence[] {
  return catalogues(root).flatMap((folder) => {
    const english = read(root, `${folder}/en.json`)
    const file = `${folder}/reviewed.${lang}.json`
    const signed = signOffs(root, file)
    return Object.entries(read(root, `${folder}/${lang}.json`)).map(([local, text]) => ({
      key: `${partOf(folder)}.${local}`,
      text,
      english: english[local] ?? '',
      state: signed[local] === undefined ? 'waits' : signed[local].hash === hashOf(text) ? 'signed' : 'stale',
      file,
      local,
    }))
  })
}

/** Sign-offs that hold no longer, as `file: key`: their sentence was changed or is gone. */
export function staleSignOffs(root: string): string[] {
  return LANGUAGES.flatMap((lang) => {
    const known = new Map(sentences(root, lang).map(({ file, local, state }) => [`${file}: ${local}`, state]))
    return catalogues(root)
      .map((folder) => `${folder}/reviewed.${lang}.json`)
      .flatMap((file) => Object.keys(signOffs(root, file)).map((local) => `${file}: ${local}`))
      .filter((signed) => known.get(signed) !== 'signed')
  })
}

/**
 * Writes that a native speaker has read these sentences and found them right, as they stand now. A key may end in `*`:
 * `vacancies.list.*`. Returns how many. @throws when a key names no sentence.
 */
export function sign(root: string, lang: Lang, keys: readonly string[], { by, on }: Omit<SignOff, 'hash'>): number {
  const all = sentences(root, lang)
  const chosen = new Set(keys.flatMap((key) => named(all, key)))
  for (const file of new Set([...chosen].map((sentence) => sentence.file))) {
    const signed = signOffs(root, file)
    for (const { local, text } of [...chosen].filter((sentence) => sentence.file === file))
      signed[local] = { hash: hashOf(text), by, on }
    // Sorted, so that a change shows as few lines as it has sentences.
    const sorted = Object.fromEntries(Object.entries(signed).sort(([a], [b]) => (a < b ? -1 : 1)))
    writeFileSync(join(root, file), `${JSON.stringify(sorted, null, 2)}\n`)
  }
  return chosen.size
}

function named(all: Sentence[], key: string): Sentence[] {
  const found = all.filter((sentence) =>
    key.endsWith('*') ? sentence.key.startsWith(key.slice(0, -1)) : sentence.key === key,
  )
  if (found.length === 0) throw new Error(`No sentence is named ${key}`)
  return found
}

const hashOf = (text: string) => createHash('sha256').update(text.normalize('NFC')).digest('hex').slice(0, 32)

const catalogues = (root: string) =>
  globSync('src/**/messages/en.json', { cwd: root })
    .map((file) => dirname(file))
    .sort()

// `src/kernel/access/messages` → access: the part whose name stands before its keys.
const partOf = (folder: string) => folder.split('/')[2]!

const read = (root: string, file: string): Record<string, string> => JSON.parse(readFileSync(join(root, file), 'utf8'))

const signOffs = (root: string, file: string): Record<string, SignOff> =>
  existsSync(join(root, file)) ? JSON.parse(readFileSync(join(root, file), 'utf8')) : {}
