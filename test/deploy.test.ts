import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { LANGUAGES } from '#kernel/i18n/languages.ts'
import { buildCatalogue, translator } from '#kernel/i18n/translate.ts'
import { ROOT } from '#kernel/root.ts'
import { PARTS } from '../src/modules.ts'

test('the page of the proxy says what the platform says, in every language, and needs nothing from anywhere', () => {
  const page = readFileSync(join(ROOT, 'deploy/unreachable.html'), 'utf8')
  const text = page.replace(/<[^>]+>/g, '')
  const catalogue = buildCatalogue(PARTS)
  for (const lang of LANGUAGES) {
    const t = translator(catalogue, lang)
    expect(page).toContain(`lang="${lang}"`)
    for (const key of ['http.problem.unavailable.title', 'http.problem.unavailable.text', 'site.now.step_call'])
      expect(text).toContain(t(key))
  }
  const asked = [...page.matchAll(/(?:href|src|action)="([^"]*)"|url\(/g)].map(([, address]) => address)
  expect(asked.filter((address) => !/^(data:|tel:)/.test(address ?? ''))).toEqual([])
  expect(page).not.toMatch(/<script|@import|http-equiv/)
})
