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
  expect(unusedKeys(keysOf, sources)).toEqual([])
})

test('a message that is named by nothing is found, also beside ones that are put together', () => {
  const code = "t('a.list.title'); name: 'a.list'; t(`a.state.${state}.text`); audit(ctx, 'thing.do')"
  const used = ['a.list.title', 'a.state.open.text', 'a.audit.thing.do']
  const unused = ['a.list.raw', 'a.state.open.title', 'a.state.open.now.text', 'a.statement', 'a.audit.thing.undo']
  expect(unusedKeys([...used, ...unused], code)).toEqual(unused)
})

/**
 * The keys that no source names: as a whole, put together of known parts (`code.LIST.${value}`; a value with dots must
 * be named itself), without the part where any part may have it (`audit.subject.${type}`), or by the code of an act of the
 * audit or a permission (`vacancies.audit.vacancy.publish`).
 */
function unusedKeys(keys: string[], sources: string): string[] {
  const named = new Set([...sources.matchAll(/['"]([a-z_]+(?:\.\w+)+)['"]/g)].map(([, key]) => key!))
  const templates = [...sources.matchAll(/`([a-z_]+\.(?:[\w.]|\$\{[^}`]*\})*)`/g)].map(([, template]) => template!)
  const patterns = templates.map(
    (template) => new RegExp(`^${template.replaceAll('.', '\\.').replace(/\$\{[^}]*\}/g, '\\w+')}$`),
  )
  const heads = templates.flatMap((template) => /^([\w.]+)\$\{[^}]*\}$/.exec(template)?.[1] ?? [])
  return keys.filter((key) => {
    const inPart = key.slice(key.indexOf('.') + 1)
    const code = /\.(?:audit|permission)\.(.*)/.exec(key)?.[1]
    return !(
      named.has(key) ||
      (code && named.has(code)) ||
      patterns.some((pattern) => pattern.test(key) || pattern.test(inPart)) ||
      heads.some((head) => key.startsWith(head) && named.has(key.slice(head.length)))
    )
  })
}
