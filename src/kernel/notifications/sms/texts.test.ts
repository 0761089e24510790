import { readFileSync } from 'node:fs'
import { IntlMessageFormat } from 'intl-messageformat'
import { describe, expect, test } from 'vitest'
import { PARTS } from '../../../modules.ts'
import { LANGUAGES } from '../../i18n/languages.ts'
import { buildCatalogue } from '../../i18n/translate.ts'
import { newReference } from '../../ids.ts'
import { ONE_SEGMENT, SMS_TEXTS, type SmsText, smsWords } from './texts.ts'

const catalogue = buildCatalogue(PARTS)
const read = (lang: string): Record<string, string> =>
  JSON.parse(readFileSync(new URL(`../messages/${lang}.json`, import.meta.url), 'utf8'))
const inMessages = (lang: string) => Object.keys(read(lang)).filter((key) => key.startsWith('sms.'))

// The longest that each can be.
const LONGEST: { [K in SmsText['key']]: Extract<SmsText, { key: K }> } = {
  answer_ready: { key: 'answer_ready' },
  please_come: { key: 'please_come' },
  reference_ready: { key: 'reference_ready', values: { reference: newReference(24) }, saidSafe: true },
  code: { key: 'code', values: { code: '123456' } },
  link: { key: 'link', values: { link: `https://www.hamsafar.example.tj/a/${'x'.repeat(20)}` } },
}

describe.each(LANGUAGES)('%s', (lang) => {
  test('the messages are the texts of the list, with its values and no other', () => {
    expect(inMessages(lang).sort()).toEqual(
      Object.keys(SMS_TEXTS)
        .map((key) => `sms.${key}`)
        .sort(),
    )
    for (const [key, values] of Object.entries(SMS_TEXTS)) {
      const ast = new IntlMessageFormat(read(lang)[`sms.${key}`]!, 'en').getAst()
      // Literals and plain arguments: nothing that chooses words by a value.
      expect(ast.every(({ type }) => type === 0 || type === 1)).toBe(true)
      expect(ast.flatMap((part) => (part.type === 1 ? [part.value] : []))).toEqual(values)
    }
  })
  test('each is one segment, also with the longest values, and says nothing but that', () => {
    for (const text of Object.values(LONGEST)) {
      // A link, which somebody asked for, cannot hide where it leads.
      const words = smsWords(catalogue, lang, text).replace(/^.*https?:\S+/, text.key === 'link' ? '' : '$&')
      expect([...words].length).toBe(words.length)
      expect(words.length).toBeLessThanOrEqual(ONE_SEGMENT)
      expect(words).not.toMatch(
        /hamsafar|[ҳх]амсафар|http|www|\.tj|запрет|въезд|границ|розыск|список|депорт|манъ|вуруд|сарҳад|рӯйхат|ban|entry|border|list|polic|милит|полиц/i,
      )
    }
  })
})

test('what is no code or reference never gets into a text', () => {
  const bad = [
    { key: 'code', values: { code: 'Рахимов' } },
    { key: 'code', values: { code: '12345' } },
    { key: 'reference_ready', values: { reference: 'Далер Рахимов' }, saidSafe: true },
    { key: 'reference_ready', values: { reference: 'k7qf-92mx' }, saidSafe: true },
  ] as const
  for (const text of bad) expect(() => smsWords(catalogue, 'ru', text)).toThrow()
})

test('other keys and values are no TypeScript', () => {
  const tryOut = () => {
    // @ts-expect-error a text that is not on the list
    smsWords(catalogue, 'ru', { key: 'banned' })
    // @ts-expect-error values where there are none
    smsWords(catalogue, 'ru', { key: 'answer_ready', values: { name: 'Далер' } })
    // @ts-expect-error a reference, without the person having said that it is safe
    smsWords(catalogue, 'ru', { key: 'reference_ready', values: { reference: 'K7QF-92MX' } })
  }
  expect(tryOut).toThrow()
})
