import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { LANGUAGES } from '#kernel/i18n/languages.ts'
import { ROOT } from '#kernel/root.ts'
import { sentences, sign, staleSignOffs } from '../scripts/reviews.ts'

test('every sign-off of a native speaker holds for the sentence as it stands', () => {
  for (const lang of LANGUAGES) expect(sentences(ROOT, lang).length).toBeGreaterThan(200)
  expect(staleSignOffs(ROOT)).toEqual([])
})

describe('a sign-off', () => {
  const root = mkdtempSync(join(tmpdir(), 'hamsafar-messages-'))
  const folder = join(root, 'src/modules/fruit/messages')
  const write = (lang: string, texts: Record<string, string>) =>
    writeFileSync(join(folder, `${lang}.json`), JSON.stringify(texts))
  const state = () => Object.fromEntries(sentences(root, 'tg').map(({ key, state }) => [key, state]))
  const today = { by: 'ZN', on: '2026-11-21' }

  beforeEach(() => {
    rmSync(root, { recursive: true, force: true })
    mkdirSync(folder, { recursive: true })
    for (const lang of LANGUAGES) write(lang, { 'list.apple': 'Apple', 'list.pear': 'Pear', title: 'Fruit' })
    write('tg', { 'list.apple': 'Себ', 'list.pear': 'Нок', title: 'Мева' })
  })
  afterAll(() => rmSync(root, { recursive: true, force: true }))

  test('is written beside the sentences, in one language', () => {
    expect(sign(root, 'tg', ['fruit.list.*'], today)).toBe(2)
    expect(state()).toEqual({ 'fruit.list.apple': 'signed', 'fruit.list.pear': 'signed', 'fruit.title': 'waits' })
    expect(sentences(root, 'ru').map(({ state }) => state)).toEqual(['waits', 'waits', 'waits'])
    const written = JSON.parse(readFileSync(join(folder, 'reviewed.tg.json'), 'utf8'))
    expect(written['list.apple']).toEqual({ hash: expect.stringMatching(/^[0-9a-f]{32}$/), ...today })
    expect(staleSignOffs(root)).toEqual([])
  })

  test('holds no longer when the sentence is changed or gone, and is renewed by signing again', () => {
    sign(root, 'tg', ['fruit.list.apple', 'fruit.list.pear', 'fruit.title'], today)
    write('tg', { 'list.apple': 'Себи сурх', title: 'Мева' })
    expect(state()).toEqual({ 'fruit.list.apple': 'stale', 'fruit.title': 'signed' })
    const file = 'src/modules/fruit/messages/reviewed.tg.json'
    expect(staleSignOffs(root)).toEqual([`${file}: list.apple`, `${file}: list.pear`])
    sign(root, 'tg', ['fruit.list.apple'], today)
    expect(staleSignOffs(root)).toEqual([`${file}: list.pear`])
  })

  test('of a sentence that does not exist is refused', () => {
    expect(() => sign(root, 'tg', ['fruit.title', 'fruit.colour'], today)).toThrow('fruit.colour')
    expect(state()['fruit.title']).toBe('waits')
  })
})
