import type { Ctx } from '#kernel/context.ts'
import type { FormValues } from '#kernel/http/forms.ts'
import { Card } from '#kernel/ui/blocks.tsx'
import { Button, Buttons } from '#kernel/ui/buttons.tsx'
import { RadioGroup } from '#kernel/ui/choices.tsx'
import { DateField } from '#kernel/ui/date-field.tsx'
import { HiddenField, TextArea } from '#kernel/ui/fields.tsx'
import { Note, Tag } from '#kernel/ui/states.tsx'
import { type Act, missingFor, openActs } from '../decisions.ts'
import { type Employer, PHONE_CHECKS } from '../employers.ts'

type Props = { ctx: Ctx; employer: Employer; values?: FormValues; words: Record<string, string> }

/** What an officer found out, each with when and how; the forms only where the actor decides. */
export function Checks({ ctx, employer, action, values, words }: Props & { action: string | null }) {
  const { t, format } = ctx
  const { phone_checked_at, phone_checked_how, extract_on, extract_checked_at, country } = employer
  const takenBack = (name: 'phone' | 'extract') =>
    action && (
      <form method="post" action={action}>
        <HiddenField name={name} value="not" />
        <Button kind="plain" icon="undo">
          {t('employers.show.take_back')}
        </Button>
      </form>
    )
  return (
    <Card id="checks">
      <h2>{t('employers.show.checks')}</h2>
      <h3>{t('employers.facts.phone')}</h3>
      {phone_checked_at ? (
        <>
          <p>
            <Tag state="ok">{t(`employers.code.how.${phone_checked_how}`)}</Tag> {format.dateTime(phone_checked_at)}
          </p>
          {takenBack('phone')}
        </>
      ) : action ? (
        <form method="post" action={action} class="flow">
          <RadioGroup
            name="phone"
            label={t('employers.show.rang', { phone: employer.phone })}
            error={words.phone}
            value={values?.phone}
            options={PHONE_CHECKS.map((how) => ({ value: how, label: t(`employers.code.how.${how}`) }))}
          />
          <Button kind="second" icon="phone">
            {t('employers.show.note_phone')}
          </Button>
        </form>
      ) : (
        <Tag state="unknown">{t('employers.missing.phone')}</Tag>
      )}
      {country !== 'TJ' && (
        <>
          <h3>{t('employers.show.extract')}</h3>
          {extract_checked_at ? (
            <>
              <p>
                <Tag state="ok">{t('employers.show.extract_of', { date: format.date(extract_on!) })}</Tag>{' '}
                {format.dateTime(extract_checked_at)}
              </p>
              {takenBack('extract')}
            </>
          ) : action ? (
            <form method="post" action={action} class="flow">
              <p class="quiet">
                {t(country === 'RU' ? 'employers.show.extract_russia' : 'employers.show.extract_other')}
              </p>
              <HiddenField name="extract" value="yes" />
              <DateField
                ctx={ctx}
                name="on"
                label={t('employers.show.extract_on')}
                error={words.on}
                value={{ day: values?.on_day, month: values?.on_month, year: values?.on_year }}
              />
              <Button kind="second" icon="doc">
                {t('employers.show.note_extract')}
              </Button>
            </form>
          ) : (
            <Tag state="unknown">{t('employers.missing.extract')}</Tag>
          )}
        </>
      )}
    </Card>
  )
}

const ICONS = { verify: 's-ok', ask_back: 'chat', refuse: 's-stop', suspend: 's-stop', reinstate: 's-ok' } as const

/** Equal decisions, and what the employer is told. What still is missing stands above. */
export function DecisionForm({ ctx, employer, values, words }: Props) {
  const { t } = ctx
  const acts: Act[] = openActs(employer)
  const missing = acts.includes('verify') ? missingFor(employer) : []
  return (
    <form method="post" class="card flow">
      <h2>{t('employers.show.decide')}</h2>
      {missing.length > 0 && (
        <Note state="attention" title={t('employers.show.still_missing')} id="checks-missing">
          <ul>
            {missing.map((key) => (
              <li>{t(key)}</li>
            ))}
          </ul>
        </Note>
      )}
      <TextArea
        name="said"
        label={t('employers.show.said')}
        hint={t('employers.show.said_hint')}
        value={values?.said}
        error={words.said}
        rows={3}
        maxlength={2000}
      />
      <TextArea
        name="note"
        label={t('employers.show.note_label')}
        value={values?.note}
        error={words.note}
        rows={2}
        maxlength={1000}
      />
      <Buttons>
        {acts.map((act) => (
          <Button kind="second" name="act" value={act} icon={ICONS[act]}>
            {t(`employers.do.${act}`)}
          </Button>
        ))}
      </Buttons>
      <p class="quiet">{t('employers.show.undo_hint')}</p>
    </form>
  )
}
