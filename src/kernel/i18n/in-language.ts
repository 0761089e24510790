import type { Ctx } from '../context.ts'
import { formatOf } from './format.ts'
import type { Lang } from './languages.ts'
import { translator } from './translate.ts'

/** The same surroundings in another language: for what is written for somebody else than the reader. */
export const inLanguage = (ctx: Ctx, lang: Lang): Ctx => ({
  ...ctx,
  ...{ lang, t: translator(ctx.platform.catalogue, lang), format: formatOf(lang) },
})
