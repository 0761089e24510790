import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ROOT } from '#kernel/root.ts'
import { scan } from './architecture.ts'

test('the kernel knows no module, modules meet only at their public side, nothing goes in circles', () => {
  const { files, violations } = scan(ROOT)
  expect(files).toBeGreaterThan(80)
  expect(violations).toEqual([])
})

test('a violation is seen', () => {
  const { violations } = scan(join(ROOT, 'test/fixtures/architecture'))
  expect(violations).toEqual(
    expect.arrayContaining([
      { file: 'src/modules/bad/bad.ts', what: 'imports src/modules/other/secret.ts' },
      { file: 'src/modules/bad/bad.ts', what: 'reads the schema other' },
      { file: 'src/kernel/upward.ts', what: 'imports src/modules/bad/bad.ts' },
    ]),
  )
})
