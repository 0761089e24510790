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
  const once = [...new Map(signs.map((sign) => [`${sign.flag} ${sign.part} ${sign.quote}`, sign])).values()]
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

// The words that count stand out, so that an officer sees at once what was found.
const marked = (quote: string, words: ReadonlySet<string>) =>
  quote
    .split(/([\p{L}\p{N}]+)/u)
    .map((piece, at) => (at % 2 === 1 && words.has(plainWord(fold(piece))) ? <mark>{piece}</mark> : piece))
