import type { Ctx } from '#kernel/context.ts'
import { More } from '#kernel/ui/blocks.tsx'
import { Note } from '#kernel/ui/states.tsx'
import type { StayRules } from '../stay-rules.ts'
import { Result } from './result.tsx'
import { Act, Fault, If, Inline, Out } from './slots.tsx'

const FAULTS = ['entry_missing', 'exit_before_entry', 'overlap', 'open_not_last', 'outside'] as const
const OTHERS = ['patent', 'registered', 'registered_until', 'contract', 'patent_before'] as const

/**
 * The form and its answer, hidden until `client/days.ts` runs. Its fields have no names and the form no address: even if
 * it were sent, nothing would be in it. The script writes days and numbers only; every word stands here.
 */
export const Counter = ({ ctx, rules }: { ctx: Ctx; rules: StayRules }) => {
  const { t, format } = ctx
  const months = Array.from({ length: 12 }, (_, index) =>
    format
      .date(Temporal.PlainDate.from({ year: 2026, month: index + 1, day: 1 }))
      .split('\u00a0')
      .at(1),
  )
  return (
    <>
      <div id="without">
        <Note state="unknown" title={t('stay.needs_script')}>
          {t('stay.needs_script_text')}
        </Note>
      </div>
      <If name="offline">
        <Note state="attention" title={t('stay.offline')}>
          {t('stay.offline_text')}
        </Note>
      </If>
      <form
        id="days"
        class="flow form"
        autocomplete="off"
        hidden
        data-rules={written(rules)}
        data-months={months.join(' ')}
      >
        <div id="stays" class="flow" />
        <template>
          <StayFields ctx={ctx} />
        </template>
        <p class="btns">
          <Act name="add" kind="second">
            {t('stay.add')}
          </Act>
        </p>
        <More label={t('stay.more')}>
          {OTHERS.map((name) => (
            <label class="field">
              {t(`stay.${name}`)} <input type="date" data-day={name} />
            </label>
          ))}
        </More>
        <label class="pick noprint">
          <input type="checkbox" id="keep" />
          <span>
            {t('stay.keep')}
            <small>{t('stay.keep_hint')}</small>
          </span>
        </label>
        <div class="btns">
          <button class="btn" type="submit">
            {t('stay.count')}
          </button>
          <Act name="clear" kind="second">
            {t('stay.clear')}
          </Act>
        </div>
        <p role="status">
          <Inline name="cleared">{t('stay.cleared')}</Inline>
        </p>
      </form>
      <Result ctx={ctx} />
      <If name="saved">
        <p class="quiet noprint">{t('stay.saved')}</p>
      </If>
    </>
  )
}

// Numbers without names, as `client/days.ts` reads them: quotation marks in an attribute weigh.
const written = ({ limits, terms }: StayRules) =>
  JSON.stringify([limits.total, limits.unbroken, terms.registration, terms.work, terms.patent])

// A copy of it for each trip.
const StayFields = ({ ctx: { t } }: { ctx: Ctx }) => (
  <fieldset class="card">
    <legend>
      {t('stay.stay')} <Out name="number" />
    </legend>
    <Fault name="fault">
      {FAULTS.map((name) => (
        <Inline name={name}>{t(`stay.fault.${name}`)}</Inline>
      ))}
    </Fault>
    <div class="twin">
      <label>
        {t('stay.entry')} <input type="date" data-day="entry" />
      </label>
      <label>
        {t('stay.exit')} <input type="date" data-day="exit" />
      </label>
    </div>
    <p class="hint">{t('stay.exit_hint')}</p>
    <p hidden data-if="days">
      <Out name="entry" /> – <Out name="exit" />
      <Inline name="open">{t('stay.until_today')}</Inline> · {t('stay.days')}: <Out name="days" />
    </p>
    <If name="remove">
      <Act name="remove" kind="plain">
        {t('stay.remove')}
      </Act>
    </If>
  </fieldset>
)
