import { globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { IntlMessageFormat } from 'intl-messageformat'
import { describe, expect, test } from 'vitest'
import { LANGUAGES, type Lang } from '#kernel/i18n/languages.ts'
import { ROOT } from '#kernel/root.ts'
import { PARTS } from '../src/modules.ts'

const folders = globSync('src/**/messages/en.json', { cwd: ROOT }).map((file) => dirname(file))
const read = (folder: string, lang: Lang): Record<string, string> =>
  JSON.parse(readFileSync(join(ROOT, folder, `${lang}.json`), 'utf8'))
const keysOf = PARTS.flatMap(({ name, messages }) => Object.keys(messages?.en ?? {}).map((key) => `${name}.${key}`))

/** The arguments and tags of a message, so that no translation loses one. */
function holes(text: string): string[] {
  const found = new Set<string>()
  const walk = (elements: ReturnType<IntlMessageFormat['getAst']>): void => {
    for (const element of elements) {
      if (element.type !== 0 && element.type !== 7 && 'value' in element) found.add(element.value)
      if ('options' in element) for (const option of Object.values(element.options)) walk(option.value)
      if ('children' in element) walk(element.children)
    }
  }
  walk(new IntlMessageFormat(text, 'en').getAst())
  return [...found].sort()
}

test('there are catalogues, and every one belongs to a part of the platform', () => {
  expect(folders.length).toBeGreaterThan(5)
  expect(keysOf.length).toBeGreaterThan(200)
})

describe.each(folders)('%s', (folder) => {
  const english = read(folder, 'en')
  test.each(LANGUAGES.filter((lang) => lang !== 'en'))('%s says all that English says, with the same holes', (lang) => {
    const other = read(folder, lang)
    expect(Object.keys(other).sort()).toEqual(Object.keys(english).sort())
    for (const [key, text] of Object.entries(english))
      expect([key, ...holes(other[key]!)]).toEqual([key, ...holes(text)])
  })
  test('Tajik is written with its letters, Russian without them', () => {
    for (const [key, text] of Object.entries(read(folder, 'ru')))
      if (key !== 'design.specimen') expect([key, text.match(/[ғӣқӯҳҷ]/i)?.[0]]).toEqual([key, undefined])
  })
})

test('every key that the code names exists, and every message is named', () => {
  const sources = globSync('src/**/*.{ts,tsx}', { cwd: ROOT })
    .filter((file) => !/\.test\./.test(file))
    .map((file) => readFileSync(join(ROOT, file), 'utf8'))
    .join('\n')
  const names = new Set(keysOf)
  const prefixes = new Set(PARTS.map(({ name }) => name))
  const named = [...sources.matchAll(/(?:\bt|t\.rich|t\.has)\(\s*'([a-z_]+\.[a-z0-9_.-]+)'/g)]
    .map(([, key]) => key!)
    .filter((key) => prefixes.has(key.split('.')[0]!))
  expect(named.filter((key) => !names.has(key))).toEqual([])
  // An act of the audit is named by its code: `vacancies.audit.vacancy.publish` by 'vacancy.publish'.
  // Keys that are put together (`code.LIST.${value}`) count as named by the part that stands fixed.
  const fixed = [...sources.matchAll(/[`']([a-z_]+\.[a-zA-Z0-9_.-]*)(?:\$\{|'|`)/g)].map(([, key]) => key!)
  const unused = keysOf.filter(
    (key) =>
      !fixed.some(
        (part) =>
          key === part ||
          key.endsWith(`.audit.${part}`) ||
          key.endsWith(`.permission.${part}`) ||
          (part.includes('.') && part.length > 4 && key.startsWith(part)),
      ),
  )
  expect(unused).toEqual([])
})
