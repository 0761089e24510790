import type { Ctx } from '../context.ts'
import type { Note } from './kind.ts'

/** A note in the reader's language. A key that a newer version has dropped must not break old imports. */
export const noteText = ({ t }: Pick<Ctx, 't'>, { key, values }: Note): string =>
  t.has(key) ? t(key, values) : t('imports.error.unreadable')
