import { sql } from 'kysely'
import { authorise } from '#kernel/access/authorise.ts'
import type { Ctx } from '#kernel/context.ts'
import { inLanguage } from '#kernel/i18n/in-language.ts'
import { sayRule } from '#kernel/law/rules.ts'
import { issueLetter, type LetterLang } from '#kernel/letters/letters.ts'
import type { Part } from '#kernel/letters/sheet.ts'
import { problem } from '#kernel/problem.ts'
import { type Claim, claimedRemovals } from './claims.ts'
import { ruleBehind } from './payer.ts'
import { officeOf } from './removals.ts'

/** More would take seconds to draw; the letter then says how many there are, and the table goes with it as a file. */
const MOST_ROWS = 500

/**
 * Issues the letter that asks the payer of a claim for its money: departures, costs and the rule, and nobody by name. `to`: the
 * payer's office and address, line by line. Answers the letter's number.
 * @throws forbidden for others than the claim's keeper
 */
export async function issueClaimLetter(
  ctx: Ctx,
  claim: Claim,
  { lang, to, account }: { lang: LetterLang; to: string; account?: string },
): Promise<string> {
  const subject = { type: 'removal_claim', id: claim.reference }
  authorise(ctx, 'removal.claim', subject)
  if (claim.keeper !== officeOf(ctx)) throw problem('forbidden')
  const inside = inLanguage(ctx, lang)
  const { t, format } = inside
  const rows = await claimedRemovals(ctx, claim)
  const names = await sql<{ keeper: string; carrier: string; payer: string | null }>`
    select organisations.name_of(${claim.keeper}, ${lang}) as keeper, organisations.name_of(${claim.carrier}, ${lang}) as carrier,
      organisations.name_of(${claim.payer_carrier}, ${lang}) as payer`.execute(ctx.db)
  const { keeper, carrier, payer } = names.rows[0]!
  return issueLetter(ctx, {
    ...{ kind: 'removals.letter.claim', lang, permission: 'removal.claim', subject, rows: rows.length },
    sheet: {
      ...{
        from: [keeper],
        to: to
          .split('\n')
          .map((line) => line.trim())
          .filter(Boolean),
        signed: true,
      },
      heading: t('removals.letter.heading', { reference: claim.reference }),
      parts: [
        { kind: 'text', text: t(`removals.letter.intro_${claim.payer}`, { carrier }) },
        {
          kind: 'pairs',
          rows: [
            [t('removals.claim.reference'), claim.reference],
            [t('removals.fact.carrier'), carrier],
            [t('removals.claim.payer'), payer ?? claim.payer_named ?? t(`removals.code.payer.${claim.payer}`)],
            [t('removals.claim.year'), String(claim.year)],
            [t('removals.claim.people'), format.number(claim.people)],
            [t('removals.claim.amount'), format.money(claim)],
            ...(account ? [[t('removals.letter.account'), account] as const] : []),
          ],
        },
        { kind: 'heading', text: t('removals.letter.basis') },
        { kind: 'text', text: await ruleText(ctx, inside, rows, claim) },
        { kind: 'heading', text: t('removals.letter.departures') },
        table(inside, rows, claim.currency),
        { kind: 'text', text: t('removals.letter.ask') },
      ],
    },
  })
}

type Rows = Awaited<ReturnType<typeof claimedRemovals>>

// The rule as it stood when the first of them left.
async function ruleText(ctx: Ctx, inside: Ctx, [first]: Rows, claim: Claim): Promise<string> {
  if (claim.rule_text)
    return inside.t('removals.letter.relying', { rule: claim.rule_text, office: claim.rule_by_name! })
  const rule = await ruleBehind(ctx, claim, first)
  if (!rule) throw problem('conflict', { detail: 'removals.conflict.rule' })
  const as_of = rule.as_of ? inside.t('law.as_of', { date: inside.format.date(rule.as_of) }) : ''
  return [await sayRule(inside, rule), as_of && `${as_of} (${new URL(rule.source_url).host}).`]
    .filter(Boolean)
    .join(' ')
}

function table({ t, format }: Ctx, rows: Rows, currency: string): Part {
  if (rows.length > MOST_ROWS)
    return { kind: 'text', text: t('removals.letter.too_many', { count: format.number(rows.length) }) }
  return {
    kind: 'table',
    columns: (
      [
        ['number', 1],
        ['left_on', 3],
        ['service', 3],
        ['route', 5],
        ['people', 2],
        ['amount', 3],
      ] as const
    ).map(([key, width]) => ({ label: t(`removals.letter.column.${key}`), width })),
    rows: rows.map(({ left_on, service, mode, origin, destination, category, people, amount }, index) => [
      format.number(index + 1),
      format.date(left_on),
      service ?? t(`removals.code.mode.${mode}`),
      `${origin} – ${destination}\n${t(`removals.code.category.${category}`)}`,
      format.number(people),
      format.money({ amount, currency }),
    ]),
  }
}
