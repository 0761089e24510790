import { z } from 'zod'
import type { Ctx } from '#kernel/context.ts'
import { type FormErrors, type FormValues, readForm } from '#kernel/http/forms.ts'
import { definePage, seeOther } from '#kernel/http/page.ts'
import { Headline } from '#kernel/ui/blocks.tsx'
import { Button } from '#kernel/ui/buttons.tsx'
import { CheckboxField, RadioGroup } from '#kernel/ui/choices.tsx'
import { DateField } from '#kernel/ui/date-field.tsx'
import { ErrorSummary, errorTexts, inOrder } from '#kernel/ui/errors.tsx'
import { TextField } from '#kernel/ui/fields.tsx'
import { Note } from '#kernel/ui/states.tsx'
import { WorkPage } from '#kernel/ui/work-layout.tsx'
import { askAtDesk, DESK_PURPOSES, type Full } from '../desk.ts'
import type { Facts } from '../facts.ts'
import { DOCUMENT_AND_BIRTH, readBirth } from './document.ts'

export const DESK = '/work/entry-checks'

const Asked = z.object({
  ...DOCUMENT_AND_BIRTH,
  family: z.string('entry_check.desk.name_missing').max(100),
  given: z.string('entry_check.desk.name_missing').max(100),
  patronymic: z.string().max(100).optional(),
  purpose: z.enum(DESK_PURPOSES, 'entry_check.desk.purpose_missing'),
  face: z.literal('yes', 'entry_check.desk.face_missing'),
  wish: z.literal('yes', 'entry_check.desk.wish_missing'),
})

/** A check for whoever sits at the desk: their document, their face, their wish. */
export const deskPage = definePage({
  path: `${DESK}/new`,
  access: 'entry_check.desk',
  get: (ctx) => <Desk ctx={ctx} values={{}} errors={{}} />,
  async post(ctx, c, form) {
    const read = readAsked(ctx, form)
    if (!read.ok) {
      c.status(422)
      return <Desk ctx={ctx} values={read.values} errors={read.errors} />
    }
    const asked = await askAtDesk(ctx, read.facts, read.purpose)
    if (typeof asked === 'string') return seeOther(ctx, c, `${DESK}/${asked}`)
    c.status(429)
    return <Desk ctx={ctx} values={read.values} errors={{}} full={asked} />
  },
})

function readAsked(ctx: Ctx, form: FormData) {
  const read = readForm(Asked, form)
  const birth = readBirth(ctx, form)
  if (!read.ok || !birth) {
    const errors: FormErrors = read.ok ? {} : read.errors
    return {
      ok: false as const,
      values: read.values,
      errors: birth ? errors : inOrder({ birth: 'entry_check.desk.birth_wrong', ...errors }, ['document', 'birth']),
    }
  }
  const { document, family, given, patronymic, purpose } = read.value
  const facts: Facts = { document, birth, name: { family, given, ...(patronymic && { patronymic }) } }
  return { ok: true as const, facts, purpose, values: read.values }
}

type Props = { ctx: Ctx; values: FormValues; errors: FormErrors; full?: Full }

function Desk({ ctx, values, errors, full }: Props) {
  const { t, format } = ctx
  const words = errorTexts(ctx, errors)
  const text = (name: 'document' | 'family' | 'given' | 'patronymic') => (
    <TextField
      name={name}
      label={t(`entry_check.desk.${name}`)}
      hint={name === 'document' ? t('entry_check.desk.document_hint') : undefined}
      value={values[name]}
      error={words[name]}
      autocomplete="off"
      spellcheck={false}
      maxlength={name === 'document' ? 40 : 100}
    />
  )
  return (
    <WorkPage ctx={ctx} title={t('entry_check.desk.title')} current={`${DESK}/new`}>
      <Headline title={t('entry_check.desk.title')} lead={t('entry_check.desk.lead')} />
      <ErrorSummary ctx={ctx} errors={words} />
      {full && (
        <Note state="stop" title={t(`entry_check.desk.full.${full.of}`, { most: full.most })} announce>
          {t(`entry_check.desk.full.${full.of}_way`)}{' '}
          {t('entry_check.desk.full.again', { time: format.dateTime(full.again) })}
        </Note>
      )}
      <Note state="attention" title={t('entry_check.desk.alone')}>
        {t('entry_check.desk.alone_text')}
      </Note>
      <form method="post" class="card flow" autocomplete="off">
        {text('document')}
        <DateField
          ctx={ctx}
          name="birth"
          label={t('entry_check.desk.birth')}
          error={words.birth}
          value={{ day: values.birth_day, month: values.birth_month, year: values.birth_year }}
        />
        <div class="side">
          {text('family')}
          {text('given')}
          {text('patronymic')}
        </div>
        <RadioGroup
          name="purpose"
          label={t('entry_check.desk.purpose')}
          error={words.purpose}
          value={values.purpose}
          options={DESK_PURPOSES.map((value) => ({ value, label: t(`people.code.purpose.${value}`) }))}
        />
        <CheckboxField
          name="face"
          label={t('entry_check.desk.face')}
          error={words.face}
          checked={values.face === 'yes'}
        />
        <CheckboxField
          name="wish"
          label={t('entry_check.desk.wish')}
          error={words.wish}
          checked={values.wish === 'yes'}
        />
        <Button>{t('entry_check.desk.check')}</Button>
      </form>
    </WorkPage>
  )
}
