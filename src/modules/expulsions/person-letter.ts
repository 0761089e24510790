import { authorise } from '#kernel/access/authorise.ts'
import type { Ctx } from '#kernel/context.ts'
import { inLanguage } from '#kernel/i18n/in-language.ts'
import { type Rule, sayRule } from '#kernel/law/rules.ts'
import { issueLetter, type LetterLang } from '#kernel/letters/letters.ts'
import type { Part } from '#kernel/letters/sheet.ts'
import { nameText, type StatedName } from '#kernel/people/facts.ts'
import { birthText } from '#kernel/people/pages/words.ts'
import { placePath } from '#kernel/places/places.ts'
import { dateTimeAt, dateTimeHere } from '#kernel/places/times.ts'
import { appealRule, appealTopic, findAppeal, PROCEEDING_TOPIC } from './appeals.ts'
import { officeOf } from './batches.ts'
import { nameOf } from './letters.ts'
import type { KnownMeasure } from './measures.ts'
import { hearingText, type Proceeding } from './proceedings.ts'
import { statusText, termText } from './term-text.ts'

/** What a person can do against a decision, in this order: `expulsions.steps.VALUE`. */
const STEPS = ['copy', 'write', 'hand_in', 'late', 'ticket', 'lawyer'] as const

type Fact = readonly [label: string, value: string | null]
type Told = {
  name: StatedName | null | undefined
  birth: number | null
  facts: Fact[]
  rule: Rule | null
  more?: Rule | null
}

/** The printout about a measure that is handed to the person at a desk: what was decided, until when, how to appeal. */
export async function issueMeasureLetter(ctx: Ctx, measure: KnownMeasure, lang: LetterLang): Promise<string> {
  const inside = inLanguage(ctx, lang)
  const { t, format } = inside
  const latest = measure.versions[0]!
  const clock = await findAppeal(ctx, measure.id)
  const day = (date: Temporal.PlainDate | null) => date && format.date(date)
  return issue(ctx, inside, { type: 'measure', id: measure.reference }, lang, {
    ...{ name: measure.names[0], birth: measure.birth },
    facts: [
      [t('expulsions.tell.measure'), t(`expulsions.code.measure.${latest.kind}`)],
      [t('expulsions.fact.status'), statusText(inside, latest.status, latest.status_on)],
      [t('expulsions.fact.term'), termText(inside, latest)],
      [t('expulsions.fact.issuer'), latest.issuer],
      [t('expulsions.fact.decision'), latest.decision_no],
      [t('expulsions.fact.decided'), day(latest.decision_on)],
      [t('expulsions.fact.ground'), latest.ground],
      [t('expulsions.proceeding.served_on'), clock ? day(clock.served_on) : null],
      [t('expulsions.tell.until'), clock ? dateTimeHere(inside, clock.appeal_until) : null],
    ],
    rule: await appealRule(ctx, appealTopic(latest.kind), clock?.served_on ?? today(ctx)),
    more:
      latest.kind === 'controlled_persons' ? await appealRule(ctx, 'controlled_persons_exclusion', today(ctx)) : null,
  })
}

/** The same about a proceeding, in which nothing is decided for good. */
export async function issueProceedingLetter(ctx: Ctx, proceeding: Proceeding, lang: LetterLang): Promise<string> {
  const inside = inLanguage(ctx, lang)
  const { t, format } = inside
  const { appeal_until, place_code, served_on } = proceeding
  return issue(ctx, inside, { type: 'proceeding', id: proceeding.reference }, lang, {
    ...{ name: proceeding.name, birth: proceeding.birth },
    facts: [
      [t('expulsions.proceeding.status'), t(`expulsions.code.proceeding.${proceeding.status}`)],
      [t('expulsions.proceeding.authority'), proceeding.authority],
      [t('expulsions.proceeding.place'), await placePath(inside, place_code)],
      [t('expulsions.proceeding.hearing_on'), await hearingText(inside, proceeding)],
      [t('expulsions.proceeding.served_on'), served_on && format.date(served_on)],
      [t('expulsions.tell.until'), appeal_until && (await dateTimeAt(inside, appeal_until, place_code))],
      [t('expulsions.proceeding.appeal_basis'), proceeding.appeal_basis],
    ],
    rule: await appealRule(ctx, PROCEEDING_TOPIC, served_on ?? today(ctx), place_code),
  })
}

async function issue(
  ctx: Ctx,
  inside: Ctx,
  subject: { type: 'measure' | 'proceeding'; id: string },
  lang: LetterLang,
  { name, birth, facts, rule, more }: Told,
): Promise<string> {
  authorise(ctx, 'expulsion.help', subject)
  const { t } = inside
  const words = async (one: Rule): Promise<string> =>
    `${await sayRule(inside, one)} ${one.as_of ? t('law.as_of', { date: inside.format.date(one.as_of) }) : ''} (${new URL(one.source_url).host})`
  const rules: Part[] = []
  for (const one of [rule, more]) if (one) rules.push({ kind: 'text', text: await words(one) })
  return issueLetter(ctx, {
    ...{ kind: 'expulsions.letter.person', lang, permission: 'expulsion.help', subject, rows: null },
    sheet: {
      from: [await nameOf(inside, officeOf(ctx)!)],
      to: [[name && nameText(name), birth && birthText(birth)].filter(Boolean).join(', ')].filter(Boolean),
      heading: t('expulsions.tell.heading'),
      parts: [
        { kind: 'text', text: t('expulsions.tell.lead') },
        { kind: 'pairs', rows: facts.map(([label, value]) => [label, value ?? t('ui.not_stated')]) },
        { kind: 'heading', text: t('expulsions.tell.term') },
        ...rules,
        { kind: 'text', text: `${t('expulsions.proceeding.lawyer_checks')} ${t('law.verify')}` },
        { kind: 'heading', text: t('expulsions.tell.steps') },
        ...STEPS.map((step, index): Part => ({ kind: 'text', text: `${index + 1}. ${t(`expulsions.steps.${step}`)}` })),
      ],
      signed: false,
    },
  })
}

const today = (ctx: Ctx) => ctx.now.toZonedDateTimeISO(ctx.format.time_zone).toPlainDate()
