import { z } from 'zod'
import type { Ctx } from '#kernel/context.ts'
import { inLanguage } from '#kernel/i18n/in-language.ts'
import type { LetterLang } from '#kernel/letters/letters.ts'
import type { Part, Sheet } from '#kernel/letters/sheet.ts'

/** What a person can write to whoever decided, or to a court. */
export const DRAFTS = ['appeal', 'lifting', 'files'] as const

/** Circumstances that count, each one sentence of the letter: `expulsions.draft.say.VALUE`. */
export const REASONS = [
  'family',
  'children',
  'work',
  'health',
  'other_person',
  'kept_term',
  'no_interpreter',
  'no_copy',
] as const

const line = (most: number) => z.string().max(most).optional()

/** The few fields of a letter in one's own name. Nothing of it is kept anywhere. */
export const Draft = z.object({
  kind: z.enum(DRAFTS, 'expulsions.draft.kind_missing'),
  to: z.string('expulsions.draft.to_missing').max(200),
  name: z.string('expulsions.proceeding.name_missing').max(150),
  birth: line(30),
  address: line(200),
  issuer: line(200),
  number: line(80),
  date: line(30),
  reasons: z.array(z.enum(REASONS)).optional(),
  words: line(2000),
  restore: z.literal('yes').optional(),
  interpreter: z.literal('yes').optional(),
})
export type DraftFields = z.output<typeof Draft>

/** The letter in one language. The person's own words stand in it as they wrote them. */
export function draftSheet(ctx: Ctx, lang: LetterLang, fields: DraftFields): Sheet {
  const { t } = inLanguage(ctx, lang)
  const { kind, to, name, birth, address, issuer, number, date, reasons = [], words, restore, interpreter } = fields
  const decision = [
    issuer,
    number && t('expulsions.draft.say.number', { number }),
    date && t('expulsions.draft.say.date', { date }),
  ].filter((one) => one !== undefined)
  const text = (said: string): Part => ({ kind: 'text', text: said })
  return {
    from: [
      name,
      ...(birth ? [t('expulsions.draft.say.birth', { birth })] : []),
      t('expulsions.draft.say.citizen'),
      ...(address ? [address] : []),
    ],
    to: [to],
    heading: t(`expulsions.draft.heading.${kind}`),
    parts: [
      text(t(`expulsions.draft.body.${kind}`)),
      ...(decision.length > 0 ? [text(`${t('expulsions.draft.say.decision')} ${decision.join(', ')}.`)] : []),
      ...(reasons.length > 0 || words ? [{ kind: 'heading', text: t('expulsions.draft.say.why') } as const] : []),
      ...REASONS.filter((one) => reasons.includes(one)).map((one) => text(`– ${t(`expulsions.draft.say.${one}`)}`)),
      ...(words ? [text(words)] : []),
      { kind: 'heading', text: t('expulsions.draft.say.please') },
      text(t(`expulsions.draft.ask.${kind}`)),
      ...(restore ? [text(t('expulsions.draft.say.restore'))] : []),
      ...(interpreter ? [text(t('expulsions.draft.say.interpreter'))] : []),
      ...(address ? [text(t('expulsions.draft.say.answer'))] : []),
      text(t('expulsions.draft.say.enclosed')),
    ],
    signed: true,
  }
}
