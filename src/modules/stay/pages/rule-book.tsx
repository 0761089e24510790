import type { Ctx } from '#kernel/context.ts'
import { TIME_ZONE } from '#kernel/i18n/format.ts'
import { More } from '#kernel/ui/blocks.tsx'
import { countStays, type Limits } from '../client/count.ts'
import { readDay, writeDay } from '../client/day.ts'
import type { StayRules } from '../stay-rules.ts'
import { RuleLine } from './rule-line.tsx'

/** All rules that the counter follows, each with its source. */
export const RuleBook = ({ ctx, rules }: { ctx: Ctx; rules: StayRules }) => {
  const { t } = ctx
  const { single } = rules
  return (
    <section class="flow">
      <h2>{t('stay.rule')}</h2>
      <ul class="bullets">
        {[...rules.total, ...rules.unbroken].map((rule) => (
          <RuleLine ctx={ctx} rule={rule} />
        ))}
        <RuleLine ctx={ctx} rule={single.stay_days_counted} />
        <li>{t('stay.new_year')}</li>
      </ul>
      <h3>{t('stay.exceptions')}</h3>
      <ul class="bullets">
        <RuleLine ctx={ctx} rule={single.stay_90_days_exceptions} />
        <RuleLine ctx={ctx} rule={single.patent_payment_missed} />
        <li>{t('stay.exceptions_text')}</li>
      </ul>
      <h3>{t('stay.others')}</h3>
      <ul class="bullets">
        <RuleLine ctx={ctx} rule={single.address_registration_tajik} id="rule-registration" />
        <RuleLine ctx={ctx} rule={single.amina_app} />
        <RuleLine ctx={ctx} rule={single.fingerprints_photo} id="rule-work" />
        <RuleLine ctx={ctx} rule={single.medical_exam} />
        <li>{t('stay.first_day')}</li>
        <RuleLine ctx={ctx} rule={single.patent_payment_deadline} id="rule-patent" />
        <RuleLine ctx={ctx} rule={single.controlled_persons_reason} />
      </ul>
      <p>
        <b>{t('law.verify')}</b>
      </p>
    </section>
  )
}

/** Two trips of this year, counted by the very function that the phone uses. */
export const Example = ({ ctx, limits }: { ctx: Ctx; limits: Limits }) => {
  const { t, format } = ctx
  const { year } = ctx.now.toZonedDateTimeISO(TIME_ZONE)
  const day = (text: string) => readDay(`${year}-${text}`)!
  const first = { entry: day('01-10'), exit: day('02-28') }
  const second = { entry: day('06-01'), exit: null }
  const { last } = countStays([first, second], limits, second.entry)
  if (last === null) return null
  const say = (at: number) => format.date(Temporal.PlainDate.from(writeDay(at)))
  const trips = [first, { entry: second.entry, exit: last }].map(({ entry, exit }) =>
    t('stay.example_trip', { entry: say(entry), exit: say(exit), days: exit - entry + 1 }),
  )
  return (
    <section class="flow">
      <h2>{t('stay.example')}</h2>
      <p>
        {trips.join(' ')} {t('stay.example_last', { date: say(last) })}
      </p>
    </section>
  )
}

const PAPER_ROWS = 6

/** For whoever has no script, or wants it on paper. The script folds it. */
export const PaperTable = ({ ctx: { t } }: { ctx: Ctx }) => (
  <More label={t('stay.paper')} open id="paper">
    <p>{t('stay.paper_hint')}</p>
    <table class="paper">
      <thead>
        <tr>
          <th scope="col">№</th>
          {['entry', 'exit', 'days'].map((name) => (
            <th scope="col">{t(`stay.${name}`)}</th>
          ))}
        </tr>
      </thead>
      <tbody>
        {[
          ...Array(PAPER_ROWS)
            .keys()
            .map((row) => row + 1),
          t('stay.sum'),
        ].map((head) => (
          <tr>
            <th scope="row">{head}</th>
            <td />
            <td />
            <td />
          </tr>
        ))}
      </tbody>
    </table>
  </More>
)
