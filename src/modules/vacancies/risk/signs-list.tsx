import type { Ctx } from '#kernel/context.ts'
import { formatMoney } from '#kernel/money.ts'
import { occupationLabel } from '#kernel/occupations/occupations.ts'
import { placeName } from '#kernel/places/places.ts'
import { fold } from '#kernel/search/fold.ts'
import type { Sign } from './flags.ts'
import { readPayRule } from './pay-sign.ts'
import { plainWord } from './spelling.ts'

/** Everything that raised a flag, for officers: the words, where they stand, and how much they weigh. */
export async function SignsList({ ctx, signs, lang }: { ctx: Ctx; signs: readonly Sign[]; lang: string }) {
  const { t } = ctx
  // Several signs in one sentence are shown as one, with the words of all and the weight of the heaviest.
  const once = [...Map.groupBy(signs, ({ flag, part, quote }) => `${flag} ${part} ${quote}`).values()].map((same) => ({
    ...same.reduce((most, sign) => (sign.weight > most.weight ? sign : most)),
    words: same.flatMap(({ words = [] }) => words),
  }))
  const byFlag = [...Map.groupBy(once, ({ flag }) => flag)]
  return (
    <>
      {byFlag.map(([flag, own]) => (
        <>
          <h3>{t(`vacancies.code.risk.${flag}`)}</h3>
          <ul class="flow">
            {own.map(async (sign) => (
              <li>
                {await said(ctx, sign, lang)}
                <br />
                <span class="quiet">
                  {t('vacancies.risk.where', { part: t(`vacancies.column.${sign.part}`), weight: sign.weight })}
                </span>
              </li>
            ))}
          </ul>
        </>
      ))}
      <p class="quiet">{t('vacancies.risk.how')}</p>
    </>
  )
}

async function said(ctx: Ctx, { flag, part, quote, rule, words = [] }: Sign, lang: string) {
  if (flag === 'corrected') return ctx.t('vacancies.risk.corrected')
  if (part === 'country') return placeName(ctx, quote)
  if (flag !== 'pay' || !part.startsWith('pay_')) return <q lang={lang}>{marked(quote, new Set(words))}</q>
  const { currency, median, adverts, isco } = readPayRule(rule)
  return ctx.t('vacancies.risk.pay', {
    times: ctx.format.number(Number(quote), { maximumFractionDigits: 1 }),
    median: formatMoney(ctx.lang, { amount: median, currency }),
    adverts,
    group: `${isco} ${await occupationLabel(ctx, isco)}`,
  })
}

// The words that count stand out, so that an officer sees at once what was found; short ones stand everywhere.
const SHORT = 3

const marked = (quote: string, words: ReadonlySet<string>) =>
  quote
    .split(/([\p{L}\p{N}]+)/u)
    .map((piece, at) => (piece.length > SHORT && words.has(plainWord(fold(piece))) ? <mark>{piece}</mark> : piece))
